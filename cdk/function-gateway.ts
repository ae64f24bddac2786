import { Aws, Duration, Validations } from 'aws-cdk-lib'
import { type ISubnet, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IApplicationLoadBalancerTarget,
  ListenerCertificate,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { allowGrants, allowTokens } from './access-table.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

export interface FunctionGatewayProps {
  readonly vpc: IVpc
  /** In at least two availability zones, each with eight free addresses. */
  readonly subnets: readonly ISubnet[]
  /** Blocks of addresses that may call functions. */
  readonly clients: readonly string[]
  readonly tables: Tables
  /** ARN of a certificate of ACM for the names of functions, for HTTPS beside HTTP. */
  readonly certificate?: string | undefined
}

/**
 * What functions are called through by their names: one internal load balancer for all of them, and the one function behind
 * it, which is in no VPC, since the load balancer invokes it, as it invokes the others, through Lambda. It may invoke those
 * that are published, by their tag, and no other.
 */
export class FunctionGateway extends Construct {
  readonly fn: NodeFunction
  /** What the names of functions lead to. */
  readonly loadBalancerDnsName: string

  constructor(scope: Construct, id: string, props: FunctionGatewayProps) {
    super(scope, id)
    this.fn = this.addFunction(props.tables)
    const balancer = this.addBalancer(props)
    const targets = this.addTargets()
    addListener(balancer, 'Http', { protocol: ApplicationProtocol.HTTP, targets })
    const { certificate } = props
    if (certificate !== undefined) {
      addListener(balancer, 'Https', { protocol: ApplicationProtocol.HTTPS, targets, certificate })
    }
    this.loadBalancerDnsName = balancer.loadBalancerDnsName
  }

  private addFunction(tables: Tables): NodeFunction {
    const fn = new NodeFunction(this, 'Function', {
      folder: 'gateway',
      description: 'Passes HTTP requests to functions by their names',
      timeout: Duration.seconds(29), // it gives up a second before, and the load balancer waits for 60
      memorySize: 512, // it waits most of the time
      environment: tables.environment('registrations', 'access'),
    })
    fn.allow(['dynamodb:GetItem'], tables.registrations.tableArn)
    allowGrants(fn, tables)
    allowTokens(fn, tables)
    // An action on a function, a version and an alias alike: all have the tags of the function (Lambda Developer Guide,
    // "Using attribute-based access control in Lambda").
    const functions = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*`
    fn.allow(['lambda:InvokeFunction'], functions, { StringEquals: PUBLISHED })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*]',
      reason: 'Which functions are published changes from hour to hour; the condition admits those with the tag alone.',
    })
    return fn
  }

  private addBalancer({ vpc, subnets, clients, certificate }: FunctionGatewayProps): ApplicationLoadBalancer {
    const description = 'Namestream: who may call functions'
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', { vpc, description, allowAllOutbound: false })
    for (const block of clients) {
      for (const port of [HTTP, ...(certificate === undefined ? [] : [HTTPS])]) {
        securityGroup.addIngressRule(Peer.ipv4(block), Port.tcp(port), 'callers of functions')
      }
    }
    const balancer = new ApplicationLoadBalancer(this, 'Alb', {
      vpc,
      internetFacing: false,
      securityGroup,
      vpcSubnets: { subnets: [...subnets] },
      dropInvalidHeaderFields: true,
      idleTimeout: Duration.seconds(60),
    })
    Validations.of(balancer).acknowledge({
      id: 'AwsSolutions-ELB2',
      reason: 'The gateway counts all requests and logs those that it answers itself; functions log the others.',
    })
    return balancer
  }

  /** One group with the function, which its load balancers may invoke for this account and nobody else. */
  private addTargets(): ApplicationTargetGroup {
    this.fn.addPermission('LoadBalancer', {
      principal: new ServicePrincipal('elasticloadbalancing.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
    })
    const { functionArn: id } = this.fn
    const target: IApplicationLoadBalancerTarget = {
      attachToApplicationTargetGroup: () => ({ targetType: TargetType.LAMBDA, targetJson: { id } }),
    }
    const group = new ApplicationTargetGroup(this, 'Targets', {
      targetType: TargetType.LAMBDA,
      targets: [target],
      multiValueHeadersEnabled: true, // else of headers and parameters that are repeated only the last one comes
    })
    const permission = this.fn.node.findChild('LoadBalancer')
    group.node.addDependency(permission)
    return group
  }
}

// ---------------------------------------------------------------------------

const HTTP = 80
const HTTPS = 443
const PUBLISHED = { 'aws:ResourceTag/namestream:publish': 'true' }

interface ListenerProps {
  readonly protocol: ApplicationProtocol
  readonly targets: ApplicationTargetGroup
  readonly certificate?: string
}

function addListener(
  balancer: ApplicationLoadBalancer,
  id: string,
  { protocol, targets, certificate }: ListenerProps,
): ApplicationListener {
  return balancer.addListener(id, {
    protocol,
    port: certificate === undefined ? HTTP : HTTPS,
    open: false, // the security group says who may come
    defaultTargetGroups: [targets],
    ...(certificate !== undefined && {
      certificates: [ListenerCertificate.fromArn(certificate)],
      sslPolicy: SslPolicy.TLS13_RES, // TLS 1.3, and 1.2 with forward secrecy
    }),
  })
}
