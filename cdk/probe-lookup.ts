import { Aws, Duration, Validations } from 'aws-cdk-lib'
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import { NodeFunction } from './node-function.ts'
import type { ResponderService } from './responder-service.ts'

/**
 * The part of the probe that asks the responder, in the VPC of its load balancer, from where nothing else can be reached:
 * not even in a public subnet has a function an address of its own.
 */
export class ProbeLookup extends Construct {
  readonly fn: NodeFunction
  /** What is to be asked: the addresses of the load balancer, or its name. */
  readonly servers: readonly { readonly host: string; readonly port: number }[]

  constructor(scope: Construct, id: string, { network, balancer }: ResponderService) {
    super(scope, id)
    const { vpc, taskSubnets: subnets, addresses = [balancer.dnsName] } = network
    this.servers = addresses.map((host) => ({ host, port: 53 }))
    const description = 'Namestream: lookups of the probe'
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', { vpc, description, allowAllOutbound: false })
    for (const port of [Port.udp(53), Port.tcp(53)]) {
      securityGroup.connections.allowTo(balancer.securityGroup, port, 'probe')
    }
    this.fn = new NodeFunction(this, 'Function', {
      folder: 'probe-lookup',
      description: 'Asks the responder for what the probe has registered',
      timeout: Duration.seconds(45),
      memorySize: 256,
      environment: {},
      network: { vpc, subnets, securityGroup },
    })
    // Else its interfaces could be given an address that the load balancer is to have.
    this.fn.node.addDependency(balancer)
    this.allowInterfaces(
      subnets.map(({ subnetId }) => subnetId),
      securityGroup.securityGroupId,
    )
  }

  /**
   * Lambda makes network interfaces in the name of the function's role, before it has one. The condition keeps the actions
   * from the code of the function itself, whose requests all have that key (Lambda Developer Guide, "Working with
   * lambda:SourceFunctionArn").
   */
  private allowInterfaces(subnets: readonly string[], securityGroup: string): void {
    const lambdaOnly = { Null: { 'lambda:SourceFunctionArn': 'true' } }
    const ec2 = `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}`
    const ids = [
      ...subnets.map((subnet) => `subnet/${subnet}`),
      `security-group/${securityGroup}`,
      'network-interface/*',
    ]
    for (const one of ids) this.fn.allow(['ec2:CreateNetworkInterface'], `${ec2}:${one}`, lambdaOnly)
    this.fn.allow(CHANGE, `${ec2}:*/*`, lambdaOnly)
    this.fn.allow(DESCRIBE, '*', lambdaOnly)
    Validations.of(this).acknowledge(...WILDCARDS)
  }
}

// ---------------------------------------------------------------------------

const DESCRIBE = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']
const CHANGE = ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses']

const HERE = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>'
const WILDCARDS = [
  {
    id: `AwsSolutions-IAM5[Resource::${HERE}:network-interface/*]`,
    reason: 'The id of an interface is not known before it is made; subnets and security group are named.',
  },
  {
    id: `AwsSolutions-IAM5[Resource::${HERE}:*/*]`,
    reason:
      'Lambda asks for this very form (Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"), and the condition excludes the code of the function.',
  },
]
