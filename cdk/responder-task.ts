import { fileURLToPath } from 'node:url'
import { Aws, Duration, IgnoreMode, Validations } from 'aws-cdk-lib'
import { Platform } from 'aws-cdk-lib/aws-ecr-assets'
import {
  AwsLogDriverMode,
  Capability,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  Protocol,
} from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { container, containerVariables } from '../shared/container.ts'
import { DEREGISTRATION } from './dns-balancer.ts'
import { logGroup } from './logs.ts'
import type { ResponderSettings } from './responder-settings.ts'
import type { Tables } from './tables.ts'

/** The task: one container that may read three tables and nothing else, on a file system that it cannot write to. */
export class ResponderTask extends FargateTaskDefinition {
  readonly logGroup: LogGroup

  constructor(scope: Construct, id: string, { size, architecture }: ResponderSettings, tables: Tables) {
    super(scope, id, {
      cpu: size.cpu,
      memoryLimitMiB: size.memory,
      runtimePlatform: {
        cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    })
    this.allow(['dynamodb:GetItem', 'dynamodb:Query'], tables.changelog.tableArn)
    this.allow(['dynamodb:Scan'], tables.names.tableArn)
    this.allow(['dynamodb:Scan'], tables.zones.tableArn)

    this.logGroup = logGroup(this, 'Logs')
    const linuxParameters = new LinuxParameters(this, 'Linux')
    linuxParameters.dropCapabilities(Capability.ALL)
    this.addContainer(CONTAINER, {
      image: ContainerImage.fromAsset(ROOT, {
        file: 'responder/Dockerfile',
        ignoreMode: IgnoreMode.DOCKER,
        platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      }),
      user: container.user,
      readonlyRootFilesystem: true,
      linuxParameters,
      // One mapping for both protocols: ECS refuses a second one of the same port (amazon-ecs-agent#3428), and Fargate does
      // not filter by it. The target group is TCP_UDP, and the security group admits both.
      portMappings: [{ containerPort: container.dnsPort, protocol: Protocol.UDP }],
      environment: {
        ...tables.environment('names', 'zones', 'changelog'),
        AWS_REGION: Aws.REGION,
        [containerVariables.workers]: String(Math.max(1, Math.floor(size.cpu / 1024))),
        [containerVariables.lameduck]: String(LAMEDUCK.toSeconds()),
      },
      stopTimeout: STOP,
      healthCheck: {
        command: ['CMD', 'node', `${container.folder}/${container.healthCheck}`],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(20), // a task that has much to do is not to be ended for that
        retries: 3,
        startPeriod: Duration.seconds(10),
      },
      // A blocked writer would stop the answers while CloudWatch Logs is away.
      logging: LogDrivers.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: 'responder',
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
    })
    Validations.of(this).acknowledge(...ACKNOWLEDGED)
  }

  private allow(actions: readonly string[], resource: string): void {
    this.addToTaskRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }))
  }
}

/** The name of the one container. */
export const CONTAINER = 'responder'

// ---------------------------------------------------------------------------

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Answers go on for as long as questions come: the delay of the load balancer, and what it needs to begin with it. */
const LAMEDUCK = DEREGISTRATION.plus(Duration.seconds(15))
const STOP = LAMEDUCK.plus(Duration.seconds(30)) // SIGKILL comes then; 120 s at most on Fargate

const ACKNOWLEDGED = [
  {
    id: 'AwsSolutions-ECS2',
    reason: 'The environment holds names of tables and numbers, no secrets.',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'To pull the image: ecr:GetAuthorizationToken has no resource to be narrowed to.',
  },
]
