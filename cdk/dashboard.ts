import { Aws, Stack } from 'aws-cdk-lib'
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { dashboardBody } from '../shared/metrics/body.ts'
import type { Deployed } from '../shared/metrics/deployed.ts'

/** The dashboard in CloudWatch. Those of an account are in all its regions, so the region is in the name. */
export class Dashboard extends Construct {
  readonly url: string

  constructor(scope: Construct, id: string, deployed: Deployed, alarmArns: readonly string[]) {
    super(scope, id)
    const name = `${Aws.STACK_NAME}-${Aws.REGION}`
    new CfnDashboard(this, 'Resource', {
      dashboardName: name,
      dashboardBody: Stack.of(this).toJsonString(dashboardBody(deployed, alarmArns)),
    })
    const console = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}`
    this.url = `${console}#dashboards/dashboard/${name}`
  }
}
