import { fileURLToPath } from 'node:url'
import { type Duration, Validations } from 'aws-cdk-lib'
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Construct } from 'constructs'
import { logGroup } from './logs.ts'

export interface NodeFunctionProps {
  /** Folder under `functions/`; its `handler.ts` exports `handler`. */
  readonly folder: string
  readonly description: string
  readonly timeout: Duration
  /** Megabytes; Lambda gives processor time in proportion, one full vCPU at 1,769. */
  readonly memorySize: number
  readonly environment: Readonly<Record<string, string>>
  /** Where it has network interfaces, and then reaches nothing else; absent: it reaches the internet. */
  readonly network?: {
    readonly vpc: IVpc
    readonly subnets: readonly ISubnet[]
    readonly securityGroup: ISecurityGroup
  }
}

/** Conditions of an IAM statement: by operator, the key and what it is compared with. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/**
 * A Lambda function with the project's defaults: Node 24 on arm64, one minified ES module without externals,
 * source map, log group and role of its own, tracing. The role may log and trace; all else is granted one by one.
 *
 * None has reserved concurrency: Lambda wants 100 executions of an account to stay unreserved, and a new account may have
 * no more than 10 in all, where the deployment would fail (Lambda Developer Guide, "Configuring reserved concurrency").
 */
export class NodeFunction extends NodejsFunction {
  readonly megabytes: number

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const logs = logGroup(scope, `${id}Logs`)
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    super(scope, id, {
      description: props.description,
      entry: `${ROOT}functions/${props.folder}/handler.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      bundling: BUNDLE,
      ...(props.network && {
        vpc: props.network.vpc,
        vpcSubnets: { subnets: [...props.network.subnets] },
        securityGroups: [props.network.securityGroup],
        allowPublicSubnet: true, // it gets no public address there, which is what it is meant to
      }),
    })
    this.megabytes = props.memorySize
    logs.grantWrite(role)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Tracing: xray:PutTraceSegments and xray:PutTelemetryRecords have no resource to be narrowed to.',
    })
  }

  /** Allows the function these actions on this one resource, under these conditions. */
  allow(actions: readonly string[], resource: string, conditions: Conditions = {}): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource], conditions }))
  }
}

// ---------------------------------------------------------------------------

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const BUNDLE = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  externalModules: [],
  minify: true,
  sourceMap: true,
  // dns-packet asks for it by `require`, which an ES module has not.
  esbuildArgs: { '--alias': 'buffer=./cdk/buffer.ts' },
  logLevel: LogLevel.WARNING,
}
