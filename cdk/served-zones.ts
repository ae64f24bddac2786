import { CustomResource, Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { ServedZone } from './hosted-zones.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

export interface ServedZonesProps {
  readonly zones: readonly ServedZone[]
  readonly tables: Tables
}

/**
 * Puts the zones of the settings into the zones table with every deployment that changes them, and ties each to its
 * hosted zone. It removes none: a zone that is there keeps its serial, and one that is taken off the settings stays, with
 * its data. But it is mirrored no longer, for the mirror may write to the hosted zones of the settings only.
 */
export class ServedZones extends Construct {
  readonly fn: NodeFunction

  constructor(scope: Construct, id: string, props: ServedZonesProps) {
    super(scope, id)
    this.fn = new NodeFunction(this, 'Function', {
      folder: 'zones',
      description: 'Adds the zones that are served and says what mirrors them, on deployment',
      timeout: Duration.minutes(1),
      memorySize: 256,
      environment: props.tables.environment('zones'),
    })
    this.fn.allow(['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'], props.tables.zones.tableArn)
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ServedZones',
      serviceToken: this.fn.functionArn,
      properties: { zones: props.zones },
      // Lambda tries an event three times; CloudFormation would wait an hour for an answer that never comes.
      serviceTimeout: Duration.minutes(10),
    })
  }
}
