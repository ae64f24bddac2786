import { CfnOutput, Duration, type Environment, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ADMINS } from '../shared/access/admins.ts'
import { allowGrants } from './access-table.ts'
import { Alarms } from './alarms.ts'
import { Dashboard } from './dashboard.ts'
import { deployedOf, type Parts } from './deployed.ts'
import { FunctionGateway } from './function-gateway.ts'
import { FunctionNames } from './function-names.ts'
import type { FunctionSettings } from './function-settings.ts'
import { HostedZones } from './hosted-zones.ts'
import { keepLogs } from './logs.ts'
import { Mirror } from './mirror.ts'
import { NodeFunction } from './node-function.ts'
import { Probe } from './probe.ts'
import { BY_IAM, byTokens, RegistrationApi } from './registration-api.ts'
import { Registrations } from './registrations.ts'
import { Resolver } from './resolver.ts'
import { ResponderNetwork } from './responder-network.ts'
import { ResponderService } from './responder-service.ts'
import type { ResponderSettings } from './responder-settings.ts'
import { ServedZones } from './served-zones.ts'
import type { Settings } from './settings.ts'
import { StreamFeed } from './stream-feed.ts'
import { Tables } from './tables.ts'
import { TokenAuthorizer } from './token-authorizer.ts'

/**
 * The whole service: tables, the API that registers, the sequencer behind it, the zones that are served and their mirror,
 * and what watches all that. Throws SettingsError where a setting does not fit what was looked up.
 */
export class NamingStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, env?: Environment) {
    super(scope, id, {
      description: 'Namestream: DNS naming for services, RPC interfaces and functions',
      ...(env && { env }),
    })
    const tables = new Tables(this, 'Tables')
    const { admins } = settings

    const dynapi = this.addDynapi(settings, tables)
    const sequencer = this.addSequencer(tables)
    const namesFeed = new StreamFeed(this, 'NamesFeed', { table: tables.names, reader: sequencer })

    const hostedZones = new HostedZones(this, 'HostedZones', settings.zones)
    const mirroring = new Mirror(this, 'Mirror', {
      tables,
      mirrored: hostedZones.mirrored,
      requestsPerSecond: settings.route53RequestsPerSecond,
      admins,
    })
    const served = new ServedZones(this, 'ServedZones', { zones: hostedZones.zones, tables })
    served.node.addDependency(mirroring) // a zone is tied to its hosted zone once the mirror may write there

    const registrations = new Registrations(this, 'Registrations', { tables, admins })
    const behind = { dynapi, mirrorApi: mirroring.api, registrations: registrations.api }
    const api = new RegistrationApi(this, 'Api', { ...behind, ...BY_IAM })
    this.tell({ ApiUrl: [api.url, 'Where records are registered (IAM, SigV4)'], ApiBase: [api.base] })
    const tokens = settings.auth === 'iam+tokens' ? new TokenAuthorizer(this, 'Tokens', tables) : undefined
    const tokenApi = tokens && new RegistrationApi(this, 'TokenApi', { ...behind, ...byTokens(tokens.authorizer) })
    if (tokenApi !== undefined) {
      const { url, base } = tokenApi
      this.tell({ TokenApiUrl: [url, 'Where records are registered (tokens)'], TokenApiBase: [base] })
    }
    this.tell({
      NamesTable: [tables.names.tableName],
      ZonesTable: [tables.zones.tableName],
      ChangelogTable: [tables.changelog.tableName],
      MirrorTable: [tables.mirror.tableName],
      RegistrationsTable: [tables.registrations.tableName],
      AccessTable: [tables.access.tableName, 'Grants and tokens: npm run access'],
      MirrorFunction: [mirroring.writer.functionName, 'Writes to Route 53'],
    })
    const responder = settings.responder && this.addResponder(settings.responder, settings.zones, tables)

    const functions = settings.functions && this.addFunctions(settings.functions, tables, responder)
    functions?.names.startAfter(served)
    const probed = hostedZones.zones.find(({ zone }) => zone === settings.probe)
    const probe = probed && new Probe(this, 'Probe', { probed, api, dynapi, responder })
    probe?.startAfter(served)
    this.watch(settings, {
      mirrored: hostedZones.mirrored,
      tables,
      functions: {
        dynapi,
        registrations: registrations.api,
        leases: registrations.leases,
        sequencer,
        mirror: mirroring.writer,
        'mirror-api': mirroring.api,
        'mirror-feed': mirroring.feed?.reader,
        zones: served.fn,
        authorizer: tokens?.fn,
        'function-names': functions?.names.fn,
        gateway: functions?.gateway.fn,
        probe: probe?.fn,
        'probe-lookup': probe?.lookup,
      },
      feeds: {
        'function-names': functions?.names,
        leases: registrations,
        sequencer: namesFeed,
        'mirror-feed': mirroring.feed?.stream,
      },
      apis: { iam: api, tokens: tokenApi },
      responder: responder?.deployed,
    })
  }

  private addDynapi({ admins }: Settings, tables: Tables): NodeFunction {
    const dynapi = new NodeFunction(this, 'Dynapi', {
      folder: 'dynapi',
      description: 'Registers DNS records',
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: { ...tables.environment('names', 'zones', 'access'), [ADMINS]: JSON.stringify(admins) },
    })
    dynapi.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tables.names.tableArn)
    dynapi.allow(['dynamodb:Scan'], tables.zones.tableArn)
    allowGrants(dynapi, tables)
    return dynapi
  }

  private addSequencer(tables: Tables): NodeFunction {
    const sequencer = new NodeFunction(this, 'Sequencer', {
      folder: 'sequencer',
      description: 'Writes changed names into the change log',
      timeout: Duration.minutes(1),
      memorySize: 512,
      environment: tables.environment('changelog', 'zones'),
    })
    sequencer.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], tables.changelog.tableArn)
    sequencer.allow(['dynamodb:UpdateItem'], tables.zones.tableArn)
    return sequencer
  }

  private addResponder(settings: ResponderSettings, zones: Settings['zones'], tables: Tables): ResponderService {
    const responder = new ResponderService(this, 'Responder', settings, tables)
    if (settings.resolver !== undefined) {
      const { vpcs } = settings.resolver
      new Resolver(this, 'Resolver', { responder, zones: zones.map(({ zone }) => zone), vpcs })
    }
    return responder
  }

  /** Names of functions, and the gateway behind them, which is where the responder is or in a network of its own. */
  private addFunctions({ zone, gateway: settings }: FunctionSettings, tables: Tables, responder?: ResponderService) {
    const { network } = settings
    const place = responder?.network ?? new ResponderNetwork(this, 'GatewayNetwork', { network, publicTasks: false })
    const { clients = place.block === undefined ? [] : [place.block], certificate } = settings
    const { vpc, taskSubnets: subnets } = place
    const gateway = new FunctionGateway(this, 'Gateway', { vpc, subnets, clients, certificate, tables })
    const names = new FunctionNames(this, 'FunctionNames', { zone, gateway: gateway.loadBalancerDnsName, tables })
    this.tell({ FunctionGateway: [gateway.loadBalancerDnsName, 'What names of functions lead to'] })
    return { gateway, names }
  }

  /** Logs, alarms and the dashboard of all parts. */
  private watch({ alarms, dashboard, logRetention }: Settings, parts: Parts): void {
    keepLogs(this, logRetention)
    const deployed = deployedOf(parts)
    const { arns } = new Alarms(this, 'Alarms', deployed, alarms)
    if (!dashboard) return
    const { url } = new Dashboard(this, 'Dashboard', deployed, arns)
    this.tell({ DashboardUrl: [url] })
  }

  private tell(outputs: Readonly<Record<string, readonly [value: string, description?: string]>>): void {
    for (const [id, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, id, { value, ...(description && { description }) })
    }
  }
}
