/** What a widget or an alarm is about: a metric of ours or of AWS's, before it is known where it runs. */
import { type MetricName, NAMESPACE, SERVICE, type Service, ZONE } from './catalogue.ts'
import type { Deployed, FunctionId } from './deployed.ts'

export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum' | 'p50' | 'p90' | 'p99'

/** A metric as CloudWatch finds it. */
export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

export interface Series {
  readonly label: string
  readonly statistic: Statistic
  /** Divided by the length of the period: so many a second. */
  readonly perSecond?: boolean
  /** Only AWS has it. */
  readonly onAws?: boolean
  /** The metrics that it is in this deployment: none where the part is absent, several where there is one a zone or function. */
  readonly of: (deployed: Deployed) => readonly Found[]
}

/** One of the metrics of a series; `which` tells it from the others. */
export interface Found {
  readonly metric: Metric
  readonly which?: string
}

/** A metric of ours. */
export function own<S extends Service>(
  service: S,
  name: MetricName<S>,
  statistic: Statistic,
  label: string,
  more: Pick<Series, 'perSecond'> = {},
): Series {
  const metric = (dimensions: Metric['dimensions'] = {}): Metric => ({
    namespace: NAMESPACE,
    name,
    dimensions: { [SERVICE]: service, ...dimensions },
  })
  return {
    label,
    statistic,
    ...more,
    of(deployed) {
      if (service === 'mirror') return deployed.zones.map((zone) => ({ metric: metric({ [ZONE]: zone }), which: zone }))
      const isThere = service === 'responder' ? deployed.responder : deployed.functions[service as FunctionId]
      return isThere === undefined ? [] : [{ metric: metric() }]
    },
  }
}

/** A metric that Lambda keeps, of each of these functions that is there; all if none is named. */
export function lambda(
  name: string,
  statistic: Statistic,
  only?: readonly FunctionId[],
  more: Pick<Series, 'onAws'> = {},
): Series {
  return {
    label: '',
    statistic,
    ...more,
    of: ({ functions }) =>
      Object.entries(functions)
        .filter(([id]) => only === undefined || only.includes(id as FunctionId))
        .map(([which, FunctionName]) => ({
          metric: { namespace: 'AWS/Lambda', name, dimensions: { FunctionName } },
          which,
        })),
  }
}

/** The number of messages in each queue of what was given up. */
export const givenUp: Series = {
  label: 'given up',
  statistic: 'Maximum',
  of: ({ queues }) =>
    Object.entries(queues).map(([which, QueueName]) => ({
      metric: { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName } },
      which,
    })),
}

/** A metric that API Gateway keeps, of each API. */
export function api(name: string, statistic: Statistic, label: string, more: Pick<Series, 'perSecond'> = {}): Series {
  return {
    label,
    statistic,
    ...more,
    of: ({ apis }) =>
      Object.entries(apis).map(([which, ApiId]) => ({
        metric: { namespace: 'AWS/ApiGateway', name, dimensions: { ApiId } },
        ...(Object.keys(apis).length > 1 && { which }),
      })),
  }
}

/** A metric that DynamoDB keeps, of each table. */
export function table(
  name: string,
  statistic: Statistic,
  more: Partial<Pick<Series, 'label' | 'perSecond'>> = {},
): Series {
  return {
    label: '',
    statistic,
    onAws: true,
    ...more,
    of: ({ tables }) =>
      Object.entries(tables).map(([which, TableName]) => ({
        metric: { namespace: 'AWS/DynamoDB', name, dimensions: { TableName } },
        which,
      })),
  }
}

/** A metric that the load balancer keeps: of itself, or of its target group; also of each availability zone apart. */
export function balancer(
  name: string,
  statistic: Statistic,
  label: string,
  more: Pick<Series, 'perSecond'> & { readonly targets?: boolean; readonly eachZone?: boolean } = {},
): Series {
  const { targets = false, eachZone = false, ...rest } = more
  return {
    label,
    statistic,
    onAws: true,
    ...rest,
    of({ responder }) {
      if (responder?.aws === undefined) return []
      const { balancer: LoadBalancer, targetGroup: TargetGroup, zones } = responder.aws
      const dimensions = targets ? { LoadBalancer, TargetGroup } : { LoadBalancer }
      const namespace = 'AWS/NetworkELB'
      if (!eachZone) return [{ metric: { namespace, name, dimensions } }]
      return zones.map((AvailabilityZone, i) => ({
        metric: { namespace, name, dimensions: { AvailabilityZone, ...dimensions } },
        which: `in zone ${i + 1}`, // its name is a token where AWS chooses it
      }))
    },
  }
}
