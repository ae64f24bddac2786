import { Aws, CfnOutput, Fn, RemovalPolicy } from 'aws-cdk-lib'
import { CfnHostedZone } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'
import type { Name } from '../shared/dns/name.ts'
import { route53Name } from '../shared/mirror/forms.ts'
import type { HostedZoneChoice, ZoneSetting } from './settings.ts'

/** A zone that is served, with the id of the hosted zone that mirrors it, if one does. */
export interface ServedZone {
  readonly zone: Name
  readonly hostedZone?: string
}

export type MirroredZone = Required<ServedZone>

type NewHostedZone = Extract<HostedZoneChoice, { kind: 'public' | 'private' }>

/**
 * The hosted zones that mirror the zones of the settings; those that are to be new are created. They outlive the stack,
 * for what is in them is served. Whoever wants one back that the stack has left behind names it by its id.
 */
export class HostedZones extends Construct {
  /** All zones of the settings, in their order. */
  readonly zones: readonly ServedZone[]

  constructor(scope: Construct, id: string, settings: readonly ZoneSetting[]) {
    super(scope, id)
    this.zones = settings.map(({ zone, hostedZone }) => {
      if (hostedZone.kind === 'none') return { zone }
      return { zone, hostedZone: hostedZone.kind === 'existing' ? hostedZone.id : this.create(zone, hostedZone) }
    })
  }

  get mirrored(): readonly MirroredZone[] {
    return this.zones.flatMap(({ zone, hostedZone }) => (hostedZone === undefined ? [] : { zone, hostedZone }))
  }

  private create(zone: Name, choice: NewHostedZone): string {
    // The kind is in the id: a hosted zone cannot change from public to private.
    const created = new CfnHostedZone(this, `${choice.kind} ${zone}`, {
      name: route53Name(zone),
      hostedZoneConfig: { comment: 'Mirror of the zone that Namestream serves' },
      ...(choice.kind === 'private' && { vpcs: choice.vpcs.map((vpcId) => ({ vpcId, vpcRegion: Aws.REGION })) }),
    })
    created.applyRemovalPolicy(RemovalPolicy.RETAIN)
    new CfnOutput(this, `Id ${zone}`, { value: created.ref, description: `Hosted zone of ${zone}` })
    if (choice.kind === 'public') {
      const value = Fn.join(' ', created.attrNameServers)
      new CfnOutput(this, `NameServers ${zone}`, { value, description: `What ${zone} is to be delegated to` })
    }
    return created.ref
  }
}
