import { type CfnAlarm, CfnAnomalyDetector } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Deployed } from '../shared/metrics/deployed.ts'
import { nxDomainShare } from '../shared/metrics/nxdomain-share.ts'
import { type AddAlarm, dimensionsOf } from './alarm-form.ts'

/**
 * Adds the alarm on the share of NXDOMAIN where there is a responder, and the detector that learns what is usual. An alarm
 * finds its detector by having the very same queries.
 */
export function addNxDomainAlarm(scope: Construct, add: AddAlarm, deployed: Deployed): readonly CfnAlarm[] {
  const { id, band, periods, of: evaluationPeriods, runbook } = nxDomainShare
  const queries = queriesOf(deployed)
  if (queries === undefined) return []
  const detector = new CfnAnomalyDetector(scope, `${id} Detector`, {
    metricMathAnomalyDetector: { metricDataQueries: queries },
  })
  const alarm = add(id, {
    alarmDescription: runbook,
    metrics: [...queries, { id: BAND, expression: `ANOMALY_DETECTION_BAND(${SHARE}, ${band})`, returnData: true }],
    thresholdMetricId: BAND,
    comparisonOperator: 'GreaterThanUpperThreshold',
    evaluationPeriods,
    datapointsToAlarm: periods,
    treatMissingData: 'notBreaching',
  })
  alarm.addResourceDependency(detector)
  return [alarm]
}

// ---------------------------------------------------------------------------

const SHARE = 'share'
const BAND = 'band'

/** The share and what it is made of; undefined where nobody measures that. */
function queriesOf(deployed: Deployed) {
  const { parts, expression, periodSeconds: period } = nxDomainShare
  const metrics = Object.entries(parts).flatMap(([id, { statistic: stat, of }]) =>
    of(deployed).map(({ metric: { namespace, name: metricName, dimensions } }) => ({
      id,
      metricStat: { metric: { namespace, metricName, dimensions: dimensionsOf(dimensions) }, period, stat },
      returnData: false,
    })),
  )
  if (metrics.length < Object.keys(parts).length) return undefined
  return [...metrics, { id: SHARE, expression, label: 'NXDOMAIN, % of the answers', returnData: true }]
}
