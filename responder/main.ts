/**
 * Starts the responder from its sources, and keeps what becomes of them without types: to take those off anew takes each
 * thread a tenth of a second and 15 MB. Where nothing can be kept there, it starts all the same.
 */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const { directory } = enableCompileCache(fileURLToPath(new URL('../.namestream/compiled', import.meta.url)))
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory // for the threads, which begin with the environment
await import('./command.ts')
