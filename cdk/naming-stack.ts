import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ADMINS } from '../shared/access/admins.ts'
import { allowGrants } from './access-table.ts'
import { HostedZones } from './hosted-zones.ts'
import { Mirror } from './mirror.ts'
import { NodeFunction } from './node-function.ts'
import { Probe } from './probe.ts'
import { BY_IAM, byTokens, RegistrationApi } from './registration-api.ts'
import { Resolver } from './resolver.ts'
import { ResponderService } from './responder-service.ts'
import type { ResponderSettings } from './responder-settings.ts'
import { ServedZones } from './served-zones.ts'
import type { Settings } from './settings.ts'
import { StreamFeed } from './stream-feed.ts'
import { Tables } from './tables.ts'
import { TokenAuthorizer } from './token-authorizer.ts'

/** The whole service: tables, the API that registers, the sequencer behind it, the zones that are served and their mirror. */
export class NamingStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id, { description: 'Namestream: DNS naming for services, RPC interfaces and functions' })
    const tables = new Tables(this, 'Tables')
    const { names, zones, changelog, mirror, access } = tables
    const { admins } = settings

    const dynapi = new NodeFunction(this, 'Dynapi', {
      folder: 'dynapi',
      description: 'Registers DNS records',
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: { ...tables.environment('names', 'zones', 'access'), [ADMINS]: JSON.stringify(admins) },
    })
    dynapi.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], names.tableArn)
    dynapi.allow(['dynamodb:Scan'], zones.tableArn)
    allowGrants(dynapi, tables)

    const sequencer = new NodeFunction(this, 'Sequencer', {
      folder: 'sequencer',
      description: 'Writes changed names into the change log',
      timeout: Duration.minutes(1),
      memorySize: 512,
      environment: tables.environment('changelog', 'zones'),
    })
    sequencer.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], changelog.tableArn)
    sequencer.allow(['dynamodb:UpdateItem'], zones.tableArn)
    new StreamFeed(this, 'NamesFeed', { table: names, reader: sequencer })

    const hostedZones = new HostedZones(this, 'HostedZones', settings.zones)
    const mirroring = new Mirror(this, 'Mirror', {
      tables,
      mirrored: hostedZones.mirrored,
      requestsPerSecond: settings.route53RequestsPerSecond,
      admins,
    })
    const served = new ServedZones(this, 'ServedZones', { zones: hostedZones.zones, tables })
    served.node.addDependency(mirroring) // a zone is tied to its hosted zone once the mirror may write there

    const functions = { dynapi, mirrorApi: mirroring.api }
    const api = new RegistrationApi(this, 'Api', { ...functions, ...BY_IAM })
    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Where records are registered (IAM, SigV4)' })
    if (settings.auth === 'iam+tokens') {
      const { authorizer } = new TokenAuthorizer(this, 'Tokens', tables)
      const tokenApi = new RegistrationApi(this, 'TokenApi', { ...functions, ...byTokens(authorizer) })
      new CfnOutput(this, 'TokenApiUrl', { value: tokenApi.url, description: 'Where records are registered (tokens)' })
    }
    new CfnOutput(this, 'NamesTable', { value: names.tableName })
    new CfnOutput(this, 'ZonesTable', { value: zones.tableName })
    new CfnOutput(this, 'ChangelogTable', { value: changelog.tableName })
    new CfnOutput(this, 'MirrorTable', { value: mirror.tableName })
    new CfnOutput(this, 'AccessTable', { value: access.tableName, description: 'Grants and tokens: npm run access' })

    const responder = settings.responder && this.addResponder(settings.responder, settings.zones, tables)
    const probed = hostedZones.zones.find(({ zone }) => zone === settings.probe)
    if (probed) new Probe(this, 'Probe', { probed, api, dynapi, responder }).startAfter(served)
  }

  private addResponder(settings: ResponderSettings, zones: Settings['zones'], tables: Tables): ResponderService {
    const responder = new ResponderService(this, 'Responder', settings, tables)
    if (settings.resolver === undefined) return responder
    const { vpcs } = settings.resolver
    new Resolver(this, 'Resolver', { responder, zones: zones.map(({ zone }) => zone), vpcs })
    return responder
  }
}
