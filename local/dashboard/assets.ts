import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** What the page is made of, by path. */
export interface Assets {
  readonly files: ReadonlyMap<string, Asset>
  /** Of all of them. */
  readonly version: string
}

export interface Asset {
  readonly type: string
  readonly body: string
}

/** Makes them at the first call. One that failed is made again at the next. */
export function keepAssets(): () => Promise<Assets> {
  let made: Promise<Assets> | undefined
  return () => {
    made ??= makeAssets().catch((error) => {
      made = undefined
      throw error
    })
    return made
  }
}

// ---------------------------------------------------------------------------

const PAGE = fileURLToPath(new URL('./page', import.meta.url))

async function makeAssets(): Promise<Assets> {
  const files = new Map<string, Asset>([
    ['/dashboard', { type: 'text/html; charset=utf-8', body: await source('index.html') }],
    ['/dashboard/style.css', { type: 'text/css; charset=utf-8', body: await source('style.css') }],
    ['/dashboard/icon.svg', { type: 'image/svg+xml', body: await source('icon.svg') }],
    ['/dashboard/page.js', { type: 'text/javascript; charset=utf-8', body: await script() }],
  ])
  const hash = createHash('sha256')
  for (const { body } of files.values()) hash.update(body)
  return { files, version: hash.digest('hex').slice(0, 16) }
}

function source(file: string): Promise<string> {
  return readFile(`${PAGE}/${file}`, 'utf8')
}

/** The page's TypeScript as one script. esbuild runs as a process of its own, which ends here. */
async function script(): Promise<string> {
  const { build, stop } = await import('esbuild')
  try {
    const { outputFiles } = await build({
      entryPoints: [`${PAGE}/main.ts`],
      bundle: true,
      format: 'esm',
      target: 'es2022',
      write: false,
      logLevel: 'silent',
    })
    return outputFiles[0]?.text ?? ''
  } finally {
    await stop()
  }
}
