import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { EXPIRES, type Table as TableId, type TableSchema, tableSchemas, tableVariables } from '../shared/aws/tables.ts'

/** The tables. They outlive the stack: CloudFormation leaves them, and DynamoDB refuses to delete them. */
export class Tables extends Construct {
  readonly names: Table
  readonly zones: Table
  readonly changelog: Table
  readonly mirror: Table
  readonly registrations: Table
  readonly access: Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.names = keptTable(this, 'Names', tableSchemas.names)
    this.zones = keptTable(this, 'Zones', tableSchemas.zones)
    this.changelog = keptTable(this, 'Changelog', tableSchemas.changelog)
    this.mirror = keptTable(this, 'Mirror', tableSchemas.mirror)
    this.registrations = keptTable(this, 'Registrations', tableSchemas.registrations)
    this.access = keptTable(this, 'Access', tableSchemas.access)
  }

  /** The environment variables by which functions find these tables. */
  environment(...tables: readonly TableId[]): Record<string, string> {
    return Object.fromEntries(tables.map((table) => [tableVariables[table], this[table].tableName]))
  }
}

// ---------------------------------------------------------------------------

const sortKeyTypes = { S: AttributeType.STRING, N: AttributeType.NUMBER }

function keptTable(scope: Construct, id: string, { partitionKey, sortKey, streamed }: TableSchema): Table {
  return new Table(scope, id, {
    partitionKey: { name: partitionKey, type: AttributeType.STRING },
    ...(sortKey && { sortKey: { name: sortKey.name, type: sortKeyTypes[sortKey.type] } }),
    ...(streamed && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    timeToLiveAttribute: EXPIRES,
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
}
