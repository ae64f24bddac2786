/** The entry of `namestream-register.mjs`: registers the container it runs in, and runs its command. */
import { run } from './container/run.ts'

process.exit(await run(process.argv.slice(2), process.env))
