/**
 * Builds what is in the image of the responder, besides Node: four bundles in one folder, and koffi as a package, as it is
 * native in part. npm installs that part for one architecture; where the image is for several, each has its own PACKAGES,
 * in place of `node_modules`.
 *
 *     node responder/image.ts FOLDER [PACKAGES...]
 *
 * The Dockerfile runs it, and so do the tests, which have no Docker.
 */

import { cp, glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { container } from '../shared/container.ts'

const [folder, ...given] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('usage: node responder/image.ts FOLDER [PACKAGES...]\n')
  process.exit(2)
}
await build({
  entryPoints: [
    { in: path('container.ts'), out: bare(container.entry) },
    { in: path('workers/worker.ts'), out: 'worker' },
    { in: path('sources/zone-file-thread.ts'), out: 'zone-file-thread' },
    { in: path('health-check.ts'), out: bare(container.healthCheck) },
  ],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: ['koffi'],
  plugins: [threadsBeside()],
  logLevel: 'warning',
})
/** What Node loads of koffi, and its licence; natively for the C library of the image. */
const LOADED = [
  'koffi/*.{js,json,txt}',
  'koffi/src/koffi/{,src/}*.js',
  '@koromix/*/*.{js,json}',
  '@koromix/*/linux_*/*.node',
]
for (const packages of given.length > 0 ? given : [path('../node_modules')]) await copyKoffi(packages, folder)

// ---------------------------------------------------------------------------

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

function bare(bundle: string): string {
  return bundle.replace(/\.mjs$/, '')
}

/** The bundle of a thread lies beside the bundle that starts it, whatever folders the sources are in. */
function threadsBeside(): Plugin {
  const started = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g
  return {
    name: 'threads-beside',
    setup({ onLoad }) {
      onLoad({ filter: /\/responder\/.*\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        return { loader: 'ts', contents: source.replace(started, "new URL('./$1.mjs', import.meta.url)") }
      })
    },
  }
}

async function copyKoffi(packages: string, to: string): Promise<void> {
  for await (const file of glob(LOADED, { cwd: packages }))
    await cp(join(packages, file), join(to, 'node_modules', file))
}
