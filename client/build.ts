/**
 * Builds what users of the client take: bundles of one file each, and their types.
 *
 *     node client/build.ts FOLDER
 */

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const [folder, ...more] = process.argv.slice(2)
if (folder === undefined || folder.startsWith('-') || more.length > 0) {
  process.stderr.write('usage: npm run client -- FOLDER\n')
  process.exit(2)
}
const bundles = {
  'namestream-client': 'client',
  'namestream-register-name': 'register-name',
  'namestream-register': 'container',
}

await build({
  entryPoints: Object.fromEntries(Object.entries(bundles).map(([bundle, source]) => [bundle, path(`${source}.ts`)])),
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
})
writeTypes(folder)
process.stdout.write(`${Object.keys(bundles).join('.mjs, ')}.mjs and their types are in ${folder}\n`)

// ---------------------------------------------------------------------------

/** The types of each source, and beside each bundle that is imported the file that names those of its own. */
function writeTypes(folder: string): void {
  const imported = (['namestream-client', 'namestream-register-name'] as const).map((bundle) => [
    bundle,
    bundles[bundle],
  ])
  const { status } = spawnSync(
    process.execPath,
    [
      path('../node_modules/typescript/bin/tsc'),
      ...imported.map(([, source]) => path(`${source}.ts`)),
      ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--skipLibCheck', '--strict'],
      ...[
        '--target',
        'es2024',
        '--lib',
        'es2024',
        '--module',
        'nodenext',
        '--types',
        'node',
        '--allowImportingTsExtensions',
      ],
      ...['--outDir', join(folder, 'types')],
    ],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exit(1)
  writeFileSync(join(folder, 'types/package.json'), '{ "type": "module" }\n')
  for (const [bundle, source] of imported)
    writeFileSync(join(folder, `${bundle}.d.mts`), `export * from './types/${source}.js'\n`)
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
