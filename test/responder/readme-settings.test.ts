/** The settings in responder/README.md: each has its section, and its examples are served over real sockets. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { config } from '../../responder/config/config.ts'
import { readConfig } from '../../responder/config/file.ts'
import { readCertificate } from '../../responder/listeners/certificate.ts'
import type { Served } from '../../responder/listeners/listen.ts'
import { startResponder } from '../../responder/responder.ts'
import { settle } from '../../responder/settings.ts'
import { zoneFiles } from '../../responder/sources/zone-files.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import type { Message } from '../../shared/dns/message.ts'
import { parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { makeCertificate } from './certificate.ts'
import { askTcp, askUdp } from './client.ts'
import { show } from './scenario.ts'

const text = readFileSync(new URL('../../responder/README.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'readme-test-'))
after(() => rmSync(folder, { recursive: true }))
const { cert, key } = makeCertificate()
write('cert.pem', cert)
write('key.pem', key)
write('example.org.zone', /^```zone\n(.*?)^```$/ms.exec(text)?.[1] ?? '')

const { $schema: _, links: __, ...settings } = config.entries
for (const name of Object.keys(settings)) {
  describe(name, () => {
    const section = new RegExp(`^## ${name}\n(.*?)(?=^##? )`, 'ms').exec(text)?.[1] ?? ''

    test('has its section, with description, syntax and examples', () => {
      for (const part of ['Description', 'Syntax', 'Examples']) assert.match(section, new RegExp(`^### ${part}$`, 'm'))
      assert.match(section, new RegExp(`^ {4}"${name}": `, 'm'))
    })

    for (const [, json = '', session = ''] of section.matchAll(/^```json\n(.*?)^```\n(?:```dns\n(.*?)^```$)?/gms)) {
      test(json.trim(), async () => {
        assert.ok(name in JSON.parse(json), 'it says what the section is about')
        const file = write('config.json', json.replaceAll(/"(localhost|[\d.]+|\[[^\]]*\]):\d+"/g, '"127.0.0.1:0"'))
        const { zones, secure, ...rest } = settle({}, readConfig(file), { dns: [{ host: '127.0.0.1', port: 0 }] })
        if (session === '') return // nothing that can be asked
        const source = zoneFiles(zones)
        const shown = secure && { secure: { ...secure, certificate: readCertificate(secure.files) } }
        const responder = await startResponder({ ...rest, ...shown, source })
        try {
          const places = await responder.ready
          for (const [, question = '', reply = ''] of session.matchAll(/^> (.*)\n((?:[^>].*\n)*)/gm)) {
            const { says, answer } = show(await ask(places, question))
            assert.equal([says, ...answer, ''].join('\n'), reply, question)
          }
        } finally {
          await responder.stop()
        }
      })
    }
  })
}

// ---------------------------------------------------------------------------

function write(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function ask(places: readonly Served[], line: string): Promise<Message> {
  const [name = '', type = '', over = ''] = line.split(' ')
  const question = `${name} ${type}`
  const place = (speaks: Served['speaks']) => places.find((one) => one.speaks === speaks) ?? assert.fail(`no ${speaks}`)
  if (over === '+tls') return askTls(place('tls'), question)
  if (over === '+https') return askHttps(place('https'), question)
  return over === '+tcp' ? askTcp(place('dns'), question) : askUdp(place('dns'), question)
}

async function askTls({ host, port }: Served, question: string): Promise<Message> {
  const query = queryOf(question)
  const client = connectTls({ host, port, ca: cert, servername: 'localhost' })
  client.end(Buffer.concat([Uint8Array.of(query.length >> 8, query.length), query]))
  const chunks: Buffer[] = []
  for await (const chunk of client) chunks.push(chunk as Buffer)
  return decodeMessage(Buffer.concat(chunks).subarray(2))
}

async function askHttps({ host, port }: Served, question: string): Promise<Message> {
  const session = connectHttp2(`https://localhost:${port}`, { host, ca: cert })
  const dns = Buffer.from(queryOf(question)).toString('base64url')
  const chunks: Buffer[] = []
  for await (const chunk of session.request({ ':path': `/dns-query?dns=${dns}` })) chunks.push(chunk as Buffer)
  session.close()
  return decodeMessage(Buffer.concat(chunks))
}

function queryOf(question: string): Uint8Array {
  const [name = '', type = ''] = question.split(' ')
  return encodeQuery({ id: 0, name: parseName(name), type: typeNumber(type) ?? 0 })
}
