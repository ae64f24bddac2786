/** Which metrics there are: ours by the catalogue, those of AWS by its documentation. */
import { definitionOf, NAMESPACE, SERVICE, type Service, ZONE } from '../../shared/metrics/catalogue.ts'
import type { Metric } from '../../shared/metrics/series.ts'

/** True if somebody writes the metric, with these dimensions and no others. */
export function isKnown({ namespace, name, dimensions }: Metric): boolean {
  const given = Object.keys(dimensions).sort().join()
  if (namespace !== NAMESPACE) {
    const [names = [], sets = []] = aws[namespace] ?? []
    return names.includes(name) && sets.includes(given)
  }
  const service = dimensions[SERVICE] as Service
  return given === (service === 'mirror' ? `${SERVICE},${ZONE}` : SERVICE) && definitionOf(service, name) !== undefined
}

// ---------------------------------------------------------------------------

/** By namespace the names of metrics, and their sets of dimensions, of those that are used. */
const aws: Readonly<Record<string, readonly [names: readonly string[], dimensions: readonly string[]]>> = {
  // Lambda Developer Guide, "Types of metrics for Lambda functions"
  'AWS/Lambda': [
    ['Invocations', 'Errors', 'Throttles', 'Duration', 'IteratorAge', 'ConcurrentExecutions'],
    ['FunctionName'],
  ],
  // SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"
  'AWS/SQS': [['ApproximateNumberOfMessagesVisible'], ['QueueName']],
  // API Gateway Developer Guide, "Monitor CloudWatch metrics for HTTP APIs": other names than those of REST APIs
  'AWS/ApiGateway': [['Count', '4xx', '5xx', 'Latency', 'IntegrationLatency'], ['ApiId']],
  // DynamoDB Developer Guide, "DynamoDB metrics and dimensions"
  'AWS/DynamoDB': [
    ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'ReadThrottleEvents', 'WriteThrottleEvents'],
    ['TableName'],
  ],
  // NLB User Guide, "CloudWatch metrics for your Network Load Balancer"
  'AWS/NetworkELB': [
    [
      'ActiveFlowCount_TCP',
      'ActiveFlowCount_TLS',
      'ActiveFlowCount_UDP',
      'ConsumedLCUs',
      'HealthyHostCount',
      'NewFlowCount',
      'UnHealthyHostCount',
    ],
    ['LoadBalancer', 'LoadBalancer,TargetGroup', 'AvailabilityZone,LoadBalancer,TargetGroup'],
  ],
  // ECS Developer Guide, "Amazon ECS CloudWatch metrics"
  'AWS/ECS': [['CPUUtilization', 'MemoryUtilization'], ['ClusterName,ServiceName']],
}
