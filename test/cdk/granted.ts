/** Every permission that a role has, and what for: who adds a role or a permission writes it down here. */
import { RRType } from '@aws-sdk/client-route-53'

/** By role, actions on a resource, what for, and under which condition. */
type Granted = Readonly<Record<string, readonly [actions: string, on: string, why: string, condition?: object][]>>

/** The zone whose hosted zone the table is about, and its setting. */
export const MIRRORED = 'a\\.b.example.org=Z0123456789ABC'

const HOSTED_ZONE = 'arn:AWS::Partition:route53:::hostedzone/Z0123456789ABC'

/** Which changes are allowed, by the keys of IAM for them; all must be there, as ForAllValues holds of none. */
const changesOfTheZone = {
  'ForAllValues:StringEquals': {
    'route53:ChangeResourceRecordSetsActions': ['CREATE', 'UPSERT', 'DELETE'],
    'route53:ChangeResourceRecordSetsRecordTypes': Object.values(RRType), // all there are, as all can be adopted
  },
  'ForAllValues:StringLike': {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['a\\056b.example.org', '*.a\\056b.example.org'],
  },
  Null: {
    'route53:ChangeResourceRecordSetsActions': 'false',
    'route53:ChangeResourceRecordSetsRecordTypes': 'false',
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false',
  },
}

/** The keys of the items that a request is about; one must be there, as above. */
const keysLike = (pattern: string) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})

const FUNCTIONS = 'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:*'
const HERE = 'arn:AWS::Partition:ec2:AWS::Region:AWS::AccountId'
const byLambdaOnly = { Null: { 'lambda:SourceFunctionArn': 'true' } }
const tasksSubnet = (n: number) => `${HERE}:subnet/ResponderNetworkVpcTasksSubnet${n}Subnet`
const CREATE_INTERFACE = 'ec2:CreateNetworkInterface'

const functions: Granted = {
  DynapiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'DynapiLogs.Arn', 'logging'],
    ['dynamodb:GetItem dynamodb:PutItem', 'TablesNames.Arn', 'reads a name and writes it on condition'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones that are served'],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
  ],
  SequencerRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'SequencerLogs.Arn', 'logging'],
    [
      'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem',
      'TablesChangelog.Arn',
      'reads the head; appends a segment, moves the head, raises marks',
    ],
    ['dynamodb:UpdateItem', 'TablesZones.Arn', 'moves the serial of a touched zone'],
    [
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
      'TablesNames.StreamArn',
      'what the poller of Lambda does in the name of the function',
    ],
    ['sqs:SendMessage', 'NamesFeedGivenUp.Arn', 'tells what was given up'],
  ],
  MirrorWriterRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorWriterLogs.Arn', 'logging'],
    [
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Scan',
      'TablesNames.Arn',
      'reads marked names; reconcile: all; adoption: imports one',
    ],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones with their hosted zones'],
    [
      'dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
      'TablesMirror.Arn',
      'marks, rows, batches on their way, state and lease of hosted zones, pace',
    ],
    ['route53:ListResourceRecordSets', HOSTED_ZONE, 'reconcile, adoption, and what became of a request'],
    ['route53:ChangeResourceRecordSets', HOSTED_ZONE, 'writes what is registered', changesOfTheZone],
    [
      'route53:GetChange',
      'arn:AWS::Partition:route53:::change/*',
      'how long a change takes; its id is not known before',
    ],
  ],
  MirrorApiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorApiLogs.Arn', 'logging'],
    ['dynamodb:GetItem', 'TablesNames.Arn', 'what is registered for a name'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'which hosted zone a zone has'],
    [
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
      'TablesMirror.Arn',
      'how far a name or zone is; notes an adoption, a wake-up, the state of a change, and takes its turn',
    ],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
    ['lambda:InvokeFunction', 'MirrorWriter.Arn', 'has it reconcile or adopt'],
    [
      'route53:GetChange',
      'arn:AWS::Partition:route53:::change/*',
      'whether a change is done; its id is not known before',
    ],
  ],
  MirrorFeedRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'MirrorFeedLogs.Arn', 'logging'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'which zones are mirrored'],
    ['dynamodb:UpdateItem', 'TablesMirror.Arn', 'marks names and counts a wake-up'],
    ['lambda:InvokeFunction', 'MirrorWriter.Arn', 'wakes it'],
    [
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
      'TablesChangelog.StreamArn',
      'what the poller of Lambda does in the name of the function',
    ],
    ['sqs:SendMessage', 'MirrorChangelogFeedGivenUp.Arn', 'tells what was given up'],
  ],
  RegistrationsApiRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'RegistrationsApiLogs.Arn', 'logging'],
    ['dynamodb:GetItem dynamodb:PutItem', 'TablesNames.Arn', 'reads a name and writes it on condition'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones that are served'],
    [
      'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem',
      'TablesRegistrations.Arn',
      'registers, renews, withdraws',
    ],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
    ['sqs:SendMessage', 'RegistrationsTimers.Arn', 'sets the timer of a lease'],
  ],
  RegistrationsLeasesRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'RegistrationsLeasesLogs.Arn', 'logging'],
    ['dynamodb:GetItem dynamodb:PutItem', 'TablesNames.Arn', 'takes the records of a lease away, on condition'],
    [
      'dynamodb:DeleteItem dynamodb:GetItem dynamodb:Scan dynamodb:UpdateItem',
      'TablesRegistrations.Arn',
      'reads and ends leases; the sweep: all',
    ],
    [
      'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage',
      'RegistrationsTimers.Arn',
      'what the poller of Lambda does in the name of the function; sets a timer anew',
    ],
  ],
  ServedZonesFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ServedZonesFunctionLogs.Arn', 'logging'],
    [
      'dynamodb:PutItem dynamodb:Scan dynamodb:UpdateItem',
      'TablesZones.Arn',
      'adds a zone if it is not there; ties zones to their hosted zones, and unties them',
    ],
  ],
  TokensAuthorizerRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'TokensAuthorizerLogs.Arn', 'logging'],
    ['dynamodb:GetItem', 'TablesAccess.Arn', 'reads the token that is shown', keysLike('token#*')],
  ],
  GatewayFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'GatewayFunctionLogs.Arn', 'logging'],
    ['dynamodb:GetItem', 'TablesRegistrations.Arn', 'which function a name stands for'],
    ['dynamodb:Query', 'TablesAccess.Arn', 'the grants of the caller', keysLike('grant#*')],
    ['dynamodb:GetItem', 'TablesAccess.Arn', 'the token that is shown', keysLike('token#*')],
    [
      'lambda:InvokeFunction',
      FUNCTIONS,
      'calls functions that are published',
      { StringEquals: { 'aws:ResourceTag/namestream:publish': 'true' } },
    ],
  ],
  FunctionNamesFunctionRole: [
    [
      'lambda:ListFunctions xray:PutTraceSegments xray:PutTelemetryRecords',
      '*',
      'which functions there are, and tracing; they know no resources',
    ],
    ['logs:CreateLogStream logs:PutLogEvents', 'FunctionNamesFunctionLogs.Arn', 'logging'],
    [
      'lambda:ListAliases lambda:ListFunctionUrlConfigs lambda:ListTags lambda:ListVersionsByFunction',
      FUNCTIONS,
      'whether a function is published, and what of it; which that will be is not known before',
    ],
    [
      'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem',
      'TablesNames.Arn',
      'reads names and writes them on condition',
    ],
    ['dynamodb:Scan', 'TablesZones.Arn', 'lists the zones that are served'],
    [
      'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Scan dynamodb:UpdateItem',
      'TablesRegistrations.Arn',
      'registers and withdraws; what is registered',
    ],
    [
      'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
      'FunctionNamesHints.Arn',
      'what the poller of Lambda does in the name of the function',
    ],
  ],
  ProbeFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ProbeFunctionLogs.Arn', 'logging'],
    [
      'execute-api:Invoke',
      'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttpApi/$default/PUT/dynapi',
      'registers',
    ],
    ['lambda:InvokeFunction', 'ProbeLookupFunction.Arn', 'has the responder asked'],
  ],
  ProbeLookupFunctionRole: [
    ['xray:PutTraceSegments xray:PutTelemetryRecords', '*', 'tracing; X-Ray knows no resources'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ProbeLookupFunctionLogs.Arn', 'logging'],
    [
      CREATE_INTERFACE,
      tasksSubnet(1),
      'what Lambda does to bring it into the VPC, and the function itself may not',
      byLambdaOnly,
    ],
    [CREATE_INTERFACE, tasksSubnet(2), 'the same', byLambdaOnly],
    [CREATE_INTERFACE, `${HERE}:security-group/ProbeLookupSecurityGroup.GroupId`, 'the same', byLambdaOnly],
    [CREATE_INTERFACE, `${HERE}:network-interface/*`, 'the same; the id is not known before', byLambdaOnly],
    [
      'ec2:AssignPrivateIpAddresses ec2:DeleteNetworkInterface ec2:UnassignPrivateIpAddresses',
      `${HERE}:*/*`,
      'the same; the form that Lambda demands',
      byLambdaOnly,
    ],
    [
      'ec2:DescribeNetworkInterfaces ec2:DescribeSubnets',
      '*',
      'the same; EC2 knows no resources for these',
      byLambdaOnly,
    ],
  ],
}

const IMAGES =
  'arn:AWS::Partition:ecr:AWS::Region:AWS::AccountId:repository/cdk-hnb659fds-container-assets-AWS::AccountId-AWS::Region'

const tasks: Granted = {
  ResponderTaskTaskRole: [
    ['dynamodb:GetItem dynamodb:Query', 'TablesChangelog.Arn', 'reads the head and follows the log'],
    ['dynamodb:Scan', 'TablesNames.Arn', 'the snapshot it starts with'],
    ['dynamodb:Scan', 'TablesZones.Arn', 'the zones that are served'],
  ],
  ResponderTaskExecutionRole: [
    ['ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer', IMAGES, 'ECS pulls the image'],
    ['ecr:GetAuthorizationToken', '*', 'and signs in for it; that has no resource'],
    ['logs:CreateLogStream logs:PutLogEvents', 'ResponderTaskLogs.Arn', 'ECS writes the log'],
  ],
}

/** By the service that alone may take the role. */
export const granted: Readonly<Record<string, Granted>> = {
  'lambda.amazonaws.com': functions,
  'ecs-tasks.amazonaws.com': tasks,
}
