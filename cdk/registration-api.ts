import { Aws } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { monthOfLogs } from './logs.ts'

export interface RegistrationApiProps {
  readonly dynapi: IFunction
  readonly mirrorApi: IFunction
}

/**
 * The HTTP API in front of dynapi and of the mirror's API. Every route asks for IAM (SigV4), also the one that only
 * answers 404, so a stranger learns nothing. `/dynapi` has a route of its own so that a caller's policy can name it:
 * `arn:aws:execute-api:REGION:ACCOUNT:API/$default/PUT/dynapi`. So have those of the mirror, to tell who may look from
 * who may act: `…/$default/GET/v1/zones/*` and `…/$default/POST/v1/zones/*`.
 */
export class RegistrationApi extends Construct {
  /** Where records are registered: the path of dynapi. */
  readonly url: string

  constructor(scope: Construct, id: string, props: RegistrationApiProps) {
    super(scope, id)
    const integration = new HttpLambdaIntegration('Dynapi', props.dynapi)
    const api = new HttpApi(this, 'HttpApi', {
      apiName: Aws.STACK_NAME,
      description: 'Namestream: registration of DNS records, and their mirror',
      defaultAuthorizer: new HttpIamAuthorizer(),
      defaultIntegration: integration,
      createDefaultStage: false,
    })
    api.addRoutes({ path: '/dynapi', integration })
    const mirror = new HttpLambdaIntegration('Mirror', props.mirrorApi)
    for (const [method, path] of MIRROR_ROUTES) api.addRoutes({ path, methods: [method], integration: mirror })

    // Names below /aws/vendedlogs/ spare the log group an entry in a resource policy whose size is limited.
    const logs = monthOfLogs(this, 'AccessLogs', `/aws/vendedlogs/${Aws.STACK_NAME}/api`)
    api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 500, burstLimit: 1000 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    })
    this.url = `${api.apiEndpoint}/dynapi`
  }
}

// ---------------------------------------------------------------------------

const MIRROR_ROUTES: readonly [method: HttpMethod, path: string][] = [
  [HttpMethod.GET, '/v1/zones/{zone}/mirror'],
  [HttpMethod.GET, '/v1/zones/{zone}/mirror/names/{name}'],
  [HttpMethod.POST, '/v1/zones/{zone}/mirror/reconcile'],
  [HttpMethod.POST, '/v1/zones/{zone}/mirror/adopt'],
]

const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
  error: '$context.error.responseType',
}
