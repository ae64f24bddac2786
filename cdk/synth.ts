/** `npm run synth`: writes the template and the bundles of the functions; needs no account, credentials or Docker. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseSynthOptions, type SynthOptions, USAGE } from './synth-options.ts'

const { help, outdir, context } = readOptions()
if (help) {
  process.stdout.write(USAGE)
  process.exit()
}
const { synthesise } = await import('./naming-app.ts') // it takes a second to load, which who only asks need not wait for
for (const stack of synthesise(outdir, context).stacks) {
  print(join(outdir, stack.templateFile), `${Object.keys(stack.template.Resources).length} resources`)
  for (const { name, path } of bundles(outdir, stack.stackName)) print(path, `${name}, ${kilobytes(path)} kB`)
  for (const folder of images(outdir, stack.stackName))
    print(folder, 'image of the responder: deploying builds it, with Docker')
}
const settings = Object.entries(context).map(([setting, value]) => ` -c ${quoted(`${setting}=${value}`)}`)
process.stdout.write(`To deploy: npx cdk deploy${settings.join('')}\n`)

// ---------------------------------------------------------------------------

function readOptions(): SynthOptions {
  try {
    return parseSynthOptions(process.argv.slice(2))
  } catch (error) {
    const [complaint] = (error as Error).message.split(/\.\s/) // the rest is advice of parseArgs that does not fit here
    process.stderr.write(`namestream: ${complaint}; npm run synth -- --help lists the options and settings\n`)
    process.exit(2)
  }
}

interface Asset {
  readonly displayName: string
  readonly source: { readonly path: string; readonly packaging: string }
}

/** The bundled module of each function, from the list of what a deployment uploads. */
function bundles(folder: string, stack: string): { name: string; path: string }[] {
  const { files } = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'))
  return Object.values<Asset>(files)
    .filter(({ source }) => source.packaging === 'zip')
    .map(({ displayName, source }) => ({
      name: displayName.replace(/\/Code$/, ''),
      path: join(folder, source.path, 'index.mjs'),
    }))
}

/** The folders that images are built from. */
function images(folder: string, stack: string): string[] {
  const { dockerImages = {} } = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'))
  const assets = Object.values<{ readonly source: { readonly directory: string } }>(dockerImages)
  return assets.map(({ source }) => join(folder, source.directory))
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w.,:=/+@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function kilobytes(path: string): number {
  return Math.ceil(statSync(path).size / 1000)
}

function print(path: string, what: string): void {
  process.stdout.write(`${path}  ${what}\n`)
}
