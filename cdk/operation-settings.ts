/** The settings of who watches the service, and for how long there is something to look at. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { readSwitch, refuse } from './setting-values.ts'

/** Who hears of alarms: nobody, an address that a topic of the stack sends to, or a topic that is there. */
export type AlarmReceiver =
  | { readonly kind: 'none' }
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'topic'; readonly arn: string }

export function readAlarms(given: unknown = 'none'): AlarmReceiver {
  if (given === 'none') return { kind: 'none' }
  if (typeof given === 'string' && EMAIL.test(given)) return { kind: 'email', address: given }
  if (typeof given === 'string' && TOPIC.test(given)) return { kind: 'topic', arn: given }
  const must = 'none, an e-mail address or the ARN of an SNS topic, as in arn:aws:sns:eu-central-1:123456789012:Alarms'
  return refuse({ setting: 'alarms', must }, given)
}

/** By default where the responder is on: a dashboard costs more than an idle stack without it. */
export function readDashboard(given: unknown, hasResponder: boolean): boolean {
  return readSwitch('dashboard', given ?? hasResponder)
}

/** Days, of those that CloudWatch Logs has. */
export function readLogRetention(given: unknown = 30): RetentionDays {
  const days = DAYS.find((one) => one === given || String(one) === given)
  return (
    days ?? refuse({ setting: 'logRetention', must: `days as CloudWatch Logs has them: ${DAYS.join(', ')}` }, given)
  )
}

// ---------------------------------------------------------------------------

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/

/** A standard topic: the name of a FIFO topic ends with .fifo. */
const TOPIC = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/

/** CDK has one value more, for ever. */
const DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === 'number')
  .filter((days) => days !== RetentionDays.INFINITE)
