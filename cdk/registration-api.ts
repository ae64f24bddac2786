import { Aws } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, type IHttpRouteAuthorizer, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { logGroup } from './logs.ts'

export interface RegistrationApiProps {
  readonly dynapi: IFunction
  readonly mirrorApi: IFunction
  readonly registrations: IFunction
  readonly authorizer: IHttpRouteAuthorizer
  /** Of the stage: requests a second, and at once. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number }
  /** The variable of API Gateway that the access log has as the caller. */
  readonly caller: string
  /** What tells this API from others: part of its name and of that of its log. */
  readonly suffix: string
}

/**
 * An HTTP API in front of dynapi, of registrations and of the mirror's API. Every route asks for authorisation, also the one that only
 * answers 404, so a stranger learns nothing. `/dynapi` has a route of its own so that a caller's policy can name it:
 * `arn:aws:execute-api:REGION:ACCOUNT:API/$default/PUT/dynapi`. So have those of the mirror, to tell who may look from
 * who may act: `…/$default/GET/v1/zones/*` and `…/$default/POST/v1/zones/*`. Registrations have one for all methods, which a
 * policy tells apart all the same: `…/$default/PUT/v1/zones/ZONE/names/NAME/registrations/ID`.
 *
 * A route has one authorizer, so callers with tokens have an API of their own. It has the same paths, and a throttle of its
 * own: nobody who guesses at tokens takes requests away from those who sign theirs.
 */
export class RegistrationApi extends Construct {
  readonly id: string
  /** What its paths come after. */
  readonly base: string
  /** What a policy calls a registration by PUT. */
  readonly putArn: string
  /** Where records are registered: the path of dynapi. */
  readonly url: string

  constructor(scope: Construct, id: string, props: RegistrationApiProps) {
    super(scope, id)
    const integration = new HttpLambdaIntegration('Dynapi', props.dynapi)
    const api = new HttpApi(this, 'HttpApi', {
      apiName: `${Aws.STACK_NAME}${props.suffix}`,
      description: 'Namestream: registration of DNS records, and their mirror',
      defaultAuthorizer: props.authorizer,
      defaultIntegration: integration,
      createDefaultStage: false,
    })
    api.addRoutes({ path: '/dynapi', integration })
    const mirror = new HttpLambdaIntegration('Mirror', props.mirrorApi)
    for (const [method, path] of MIRROR_ROUTES) api.addRoutes({ path, methods: [method], integration: mirror })

    const registrations = new HttpLambdaIntegration('Registrations', props.registrations)
    api.addRoutes({ path: '/v1/zones/{zone}/names/{name}/registrations/{id}', integration: registrations })

    // Names below /aws/vendedlogs/ spare the log group an entry in a resource policy whose size is limited.
    const logs = logGroup(this, 'AccessLogs', `/aws/vendedlogs/${Aws.STACK_NAME}/api${props.suffix}`)
    api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: props.throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify({ ...ACCESS_LOG, caller: props.caller })),
      },
    })
    this.id = api.apiId
    this.base = api.apiEndpoint
    this.putArn = api.arnForExecuteApi('PUT', '/dynapi', '$default')
    this.url = `${this.base}/dynapi`
  }
}

/** The API for whoever signs with AWS credentials. */
export const BY_IAM: Auth = {
  authorizer: new HttpIamAuthorizer(),
  throttle: { rateLimit: 500, burstLimit: 1000 },
  caller: '$context.identity.userArn',
  suffix: '',
}

/** The API for bearers of tokens. Each request runs the authorizer first, also one that is refused. */
export function byTokens(authorizer: IHttpRouteAuthorizer): Auth {
  return {
    authorizer,
    throttle: { rateLimit: 100, burstLimit: 200 },
    caller: '$context.authorizer.principal',
    suffix: '-tokens',
  }
}

// ---------------------------------------------------------------------------

type Auth = Omit<RegistrationApiProps, 'dynapi' | 'mirrorApi' | 'registrations'>

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
