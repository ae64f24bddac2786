/**
 * Builds what is in the image of the responder, besides Node: four bundles in one folder.
 *
 *     node responder/image.ts FOLDER
 *
 * The Dockerfile runs it, and so do the tests, which have no Docker.
 */

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { container } from '../shared/container.ts'

const [folder, ...others] = process.argv.slice(2)
if (folder === undefined || others.length > 0) {
  process.stderr.write('usage: node responder/image.ts FOLDER\n')
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
  plugins: [threadsBeside()],
  logLevel: 'warning',
})

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
