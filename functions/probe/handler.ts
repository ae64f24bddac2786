import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { nameServersOf } from '../../shared/aws/hosted-zones.ts'
import { invokeFunction } from '../../shared/aws/invoke.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { addressAt } from './address.ts'
import { readConfiguration } from './configuration.ts'
import { ANSWER_MS, LIMITS } from './limits.ts'
import { type Outcome, type Place, runProbe } from './probe.ts'
import { createRegister, signing } from './register.ts'
import { createReport } from './report.ts'
import { responderPlace } from './responder.ts'
import { route53Place } from './route53.ts'

const { api, zone, name, responder, hostedZone } = readConfiguration(process.env)
const now = () => performance.now()
const parts = {
  register: createRegister({ api, zone, sign: signing(process.env) }),
  places: {
    ...(responder && { responder: placeAt(responder) }),
    ...(hostedZone && { route53: placeIn(hostedZone) }),
  },
  now,
  limits: LIMITS,
}
const { measure, publishing } = functionMetrics('probe')
const report = createReport(new Logger({ serviceName: 'probe' }), measure)

export const handler = publishing(async (): Promise<Outcome> => {
  const outcome = await runProbe(addressAt(Date.now()), parts)
  report(outcome)
  return outcome
})

// ---------------------------------------------------------------------------

function placeAt({ lookup, servers }: NonNullable<typeof responder>): Place {
  return responderPlace({ invoke: invokeFunction(lookup), servers, zone, name, withinMs: ANSWER_MS, now })
}

function placeIn(id: string): Place {
  const client = route53Client()
  const route53 = awsRoute53(client)
  return route53Place({
    name,
    async nameServers() {
      const hosts = await nameServersOf(client, id)
      // Whoever else stands for Route 53 names name servers that are not its own, or are nowhere.
      return process.env.AWS_ENDPOINT_URL_ROUTE_53 ? [] : hosts.map((host) => ({ host, port: 53 }))
    },
    list: () => route53.list(id, { name, type: 'A' }, 1),
    pause: (ms, signal) => pause(ms, undefined, { signal }),
  })
}
