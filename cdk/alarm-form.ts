import type { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch'

/** Adds an alarm to the stack: what it is about, without name and receiver. */
export type AddAlarm = (id: string, props: Omit<CfnAlarmProps, 'alarmName' | 'alarmActions' | 'okActions'>) => CfnAlarm

/** Dimensions as CloudFormation takes them. */
export function dimensionsOf(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }))
}
