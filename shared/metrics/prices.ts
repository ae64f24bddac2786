/** List prices of us-east-1 in dollars, from memory: they make estimates, not bills. */

const HOURS_A_MONTH = 730
const SECONDS_A_MONTH = HOURS_A_MONTH * 3600
const MILLION = 1_000_000

/** On-demand, per million request units. */
const DYNAMODB_WRITE = 0.625
const DYNAMODB_READ = 0.125

/** Per million requests, and per GB-second on arm64. */
const LAMBDA_REQUEST = 0.2
const LAMBDA_GB_SECOND = 0.0000133334

/** HTTP API, per million requests. */
const API_REQUEST = 1

/** Per hour: of the load balancer, and of each capacity unit. */
const BALANCER = 0.0225
const BALANCER_UNIT = 0.006

/** Fargate on Linux, per hour: of a vCPU, and of a GB of memory. */
const FARGATE = {
  arm64: { vcpu: 0.03238, gigabyte: 0.00356 },
  x86_64: { vcpu: 0.04048, gigabyte: 0.004445 },
} as const

/** Dollars a month for what goes on all the time: one a second, or one all the time. */
export const monthly = {
  dynamoDbWrite: (DYNAMODB_WRITE / MILLION) * SECONDS_A_MONTH,
  dynamoDbRead: (DYNAMODB_READ / MILLION) * SECONDS_A_MONTH,
  lambdaRequest: (LAMBDA_REQUEST / MILLION) * SECONDS_A_MONTH,
  apiRequest: (API_REQUEST / MILLION) * SECONDS_A_MONTH,
  balancer: BALANCER * HOURS_A_MONTH,
  balancerUnit: BALANCER_UNIT * HOURS_A_MONTH,
  /** Of a millisecond a second of a function with so many megabytes. */
  lambdaMillisecond: (megabytes: number) => (megabytes / 1024 / 1000) * LAMBDA_GB_SECOND * SECONDS_A_MONTH,
  /** Of a task with so many CPU units and MiB. */
  task: ({ cpu, memory, architecture }: TaskSize) =>
    ((cpu / 1024) * FARGATE[architecture].vcpu + (memory / 1024) * FARGATE[architecture].gigabyte) * HOURS_A_MONTH,
} as const

interface TaskSize {
  readonly cpu: number
  readonly memory: number
  readonly architecture: keyof typeof FARGATE
}
