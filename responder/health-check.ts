/** Exit code 0 if the responder of this container lives: what HEALTHCHECK runs, as the image has no other HTTP client. */
import { readEnvironment } from './environment.ts'
import { formatEndpoint } from './listeners/endpoint.ts'

/** Long: to end a task because it has much to do would leave the others more. */
const PATIENCE_MS = 15_000

const { control } = readEnvironment(process.env)
const host = isAnyAddress(control.host) ? '127.0.0.1' : control.host
const url = `http://${formatEndpoint({ ...control, host })}/health`
const alive = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
  ({ ok }) => ok,
  () => false,
)
process.exit(alive ? 0 : 1)

// ---------------------------------------------------------------------------

function isAnyAddress(host: string): boolean {
  return host === '::' || host === '0.0.0.0'
}
