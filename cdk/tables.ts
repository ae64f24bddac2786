import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'

/** The three tables. They outlive the stack: CloudFormation leaves them and DynamoDB refuses to delete them. */
export class Tables extends Construct {
  readonly names: Table
  readonly zones: Table
  readonly changelog: Table
  readonly namesStream: string

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const { STRING, NUMBER } = AttributeType
    const streamed = { stream: StreamViewType.NEW_AND_OLD_IMAGES, timeToLiveAttribute: 'expires' }
    this.names = new Table(this, 'Names', { ...KEPT, ...streamed, partitionKey: { name: 'name', type: STRING } })
    this.zones = new Table(this, 'Zones', { ...KEPT, partitionKey: { name: 'zone', type: STRING } })
    this.changelog = new Table(this, 'Changelog', {
      ...KEPT,
      ...streamed,
      partitionKey: { name: 'pk', type: STRING },
      sortKey: { name: 'sk', type: NUMBER },
    })
    this.namesStream = this.names.tableStreamArn ?? ''
  }
}

// ---------------------------------------------------------------------------

const KEPT = {
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
}
