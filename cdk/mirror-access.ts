import { Aws } from 'aws-cdk-lib'
import { RecordType } from 'aws-cdk-lib/aws-route53'
import { route53Labels } from '../shared/mirror/forms.ts'
import type { MirroredZone } from './hosted-zones.ts'
import type { NodeFunction } from './node-function.ts'

/**
 * Allows a function to read a hosted zone and to change record sets in it, those at and below the name of its zone. A
 * request is allowed if all its names, types and actions are. One without any would be, too, as `ForAllValues` holds of
 * nothing: so each of the three must be there.
 */
export function allowHostedZone(writer: NodeFunction, { zone, hostedZone }: MirroredZone): void {
  const arn = `arn:${Aws.PARTITION}:route53:::hostedzone/${hostedZone}`
  const apex = route53Labels(zone).join('.') // as IAM compares names: octal escapes, no final dot
  writer.allow(['route53:ListResourceRecordSets'], arn)
  writer.allow(['route53:ChangeResourceRecordSets'], arn, {
    'ForAllValues:StringEquals': { [ACTIONS]: ['CREATE', 'UPSERT', 'DELETE'], [TYPES]: Object.values(RecordType) },
    'ForAllValues:StringLike': { [NAMES]: [apex, `*.${apex}`] },
    Null: { [ACTIONS]: 'false', [TYPES]: 'false', [NAMES]: 'false' },
  })
}

/** Allows a function to ask how far changes have come. Their ids are AWS's and new each time: they cannot be named. */
export function allowChanges(reader: NodeFunction): void {
  reader.allow(['route53:GetChange'], `arn:${Aws.PARTITION}:route53:::change/*`)
}

/** What cdk-nag says of `allowChanges`, and why that has to be. */
export const CHANGES_BY_WILDCARD = {
  id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:route53:::change/*]',
  reason: 'route53:GetChange tells no more than whether a change is done; the id of a change is not known beforehand.',
}

// ---------------------------------------------------------------------------

const ACTIONS = 'route53:ChangeResourceRecordSetsActions'
const TYPES = 'route53:ChangeResourceRecordSetsRecordTypes'
const NAMES = 'route53:ChangeResourceRecordSetsNormalizedRecordNames'
