import { Validations } from 'aws-cdk-lib'
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { Construct, type IDependable } from 'constructs'
import type { GivenNetwork, LookedUpNetwork, NewNetwork } from './network-settings.ts'
import type { ResponderSettings } from './responder-settings.ts'
import { addressIn } from './setting-values.ts'
import { SettingsError } from './settings-error.ts'

/**
 * Where the responder lives: a VPC that is there, or a new one. A new one has no NAT gateway ($66 a month for two). The
 * cheapest way by which its tasks reach ECR and CloudWatch is a public address each ($7 for two tasks): none can be
 * reached from outside, since the security group admits the load balancer only. With `taskNetwork=private` they have no
 * way out, and interface endpoints instead ($44 for three in two zones). DynamoDB and S3 have gateway endpoints, for nothing.
 */
export class ResponderNetwork extends Construct {
  readonly vpc: IVpc
  /** One in each zone: where the addresses of the load balancer are. */
  readonly dnsSubnets: readonly ISubnet[]
  readonly taskSubnets: readonly ISubnet[]
  /** Of the load balancer, in the order of `dnsSubnets`, where they are known. */
  readonly addresses: readonly string[] | undefined
  /** The addresses of the VPC, where they are known: who may ask unless something else is said. */
  readonly block: string | undefined

  constructor(
    scope: Construct,
    id: string,
    { network, publicTasks }: Pick<ResponderSettings, 'network' | 'publicTasks'>,
  ) {
    super(scope, id)
    if (network.kind === 'new') {
      this.vpc = this.create(network, publicTasks)
      this.dnsSubnets = this.vpc.selectSubnets({ subnetGroupName: DNS }).subnets
      this.taskSubnets = this.vpc.selectSubnets({ subnetGroupName: TASKS }).subnets
      this.addresses = this.dnsSubnets.map(({ ipv4CidrBlock }) => addressIn(ipv4CidrBlock, FIRST_FREE))
      this.block = network.block
    } else {
      this.vpc = network.kind === 'given' ? this.find(network) : Vpc.fromLookup(this, 'Vpc', { vpcId: network.vpc })
      this.dnsSubnets = network.kind === 'given' ? this.vpc.privateSubnets : onePerZone(this.vpc, network)
      this.taskSubnets = this.dnsSubnets
      this.addresses = network.kind === 'given' ? network.addresses : undefined
      this.block = network.kind === 'given' ? undefined : this.vpc.vpcCidrBlock
    }
  }

  /** Gives tasks of that security group a way to AWS where a new VPC has none; what it gives has to be there before them. */
  connect(tasks: ISecurityGroup, { network, publicTasks }: ResponderSettings): readonly IDependable[] {
    if (network.kind !== 'new') return []
    if (publicTasks) return [this.vpc.internetConnectivityEstablished]
    const endpoints = new SecurityGroup(this, 'Endpoints', { vpc: this.vpc, description: ENDPOINTS, ...CLOSED })
    endpoints.addIngressRule(tasks, Port.tcp(443), 'tasks')
    return Object.entries(NEEDED).map(([id, service]) => {
      const subnets = { subnets: [...this.taskSubnets] }
      return this.vpc.addInterfaceEndpoint(id, { service, subnets, securityGroups: [endpoints], open: false })
    })
  }

  private find({ vpc, subnets, zones }: GivenNetwork): IVpc {
    // What CDK calls private is what it is not told to be public; only its ids are used.
    const privateSubnetIds = [...subnets]
    const found = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: vpc, availabilityZones: [...zones], privateSubnetIds })
    for (const subnet of found.privateSubnets) {
      Validations.of(subnet).acknowledge({
        id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
        reason: 'Nothing is added to the route tables of a VPC that is given.',
      })
    }
    return found
  }

  private create({ block, zones }: NewNetwork, publicTasks: boolean): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(block),
      ...(zones ? { availabilityZones: [...zones] } : { maxAzs: 2 }),
      natGateways: 0,
      restrictDefaultSecurityGroup: false, // that would be a function of CDK's own with rights to change it; nothing uses it
      subnetConfiguration: [
        { name: TASKS, subnetType: publicTasks ? SubnetType.PUBLIC : SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
        // Of their own, so that no task can have taken an address before the load balancer asks for it.
        { name: DNS, subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 28 },
      ],
      gatewayEndpoints: {
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        S3: { service: GatewayVpcEndpointAwsService.S3 }, // ECR keeps layers there
      },
    })
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason: 'Flow logs of a DNS server are a line or more for each client, and cost more than the server.',
    })
    return vpc as IVpc // they differ under exactOptionalPropertyTypes only
  }
}

// ---------------------------------------------------------------------------

const TASKS = 'Tasks'
const DNS = 'Dns'
const FIRST_FREE = 4 // AWS has the first four of each subnet
const ENDPOINTS = 'Namestream: endpoints of ECR and CloudWatch Logs'
const CLOSED = { allowAllOutbound: false }

/** Private subnets with a way out, of which a load balancer takes one in each zone. */
function onePerZone({ privateSubnets }: IVpc, { vpc }: LookedUpNetwork): readonly ISubnet[] {
  const zones = new Map(privateSubnets.toReversed().map((subnet) => [subnet.availabilityZone, subnet]))
  if (zones.size >= 2) return [...zones.values()].reverse()
  throw new SettingsError(
    `vpc=${vpc} has private subnets with a way out in ${zones.size} availability zones, two are needed: name subnets, or take vpc=new`,
  )
}

const NEEDED = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
}
