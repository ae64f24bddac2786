import { CustomResource, Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Name } from '../shared/dns/name.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

export interface ServedZonesProps {
  readonly zones: readonly Name[]
  readonly tables: Tables
}

/**
 * Puts the zones of the settings into the zones table with every deployment that changes them. It only adds: a zone
 * that is there keeps its serial, and one that is taken off the settings stays, with its data.
 */
export class ServedZones extends Construct {
  constructor(scope: Construct, id: string, props: ServedZonesProps) {
    super(scope, id)
    const adder = new NodeFunction(this, 'Function', {
      folder: 'zones',
      description: 'Adds the zones that are served, on deployment',
      timeout: Duration.minutes(1),
      memorySize: 256,
      environment: props.tables.environment('zones'),
    })
    adder.allow(['dynamodb:PutItem'], props.tables.zones.tableArn)
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ServedZones',
      serviceToken: adder.functionArn,
      properties: { zones: props.zones },
      // Lambda tries an event three times; CloudFormation would wait an hour for an answer that never comes.
      serviceTimeout: Duration.minutes(10),
    })
  }
}
