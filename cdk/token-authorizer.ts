import { Duration } from 'aws-cdk-lib'
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { Construct } from 'constructs'
import { allowTokens } from './access-table.ts'
import { NodeFunction } from './node-function.ts'
import type { Tables } from './tables.ts'

/**
 * What lets in who shows a token. API Gateway answers 401 itself where there is no Authorization header, and keeps none of
 * the verdicts: a token that is revoked is out with the next request.
 */
export class TokenAuthorizer extends Construct {
  readonly authorizer: HttpLambdaAuthorizer
  readonly fn: NodeFunction

  constructor(scope: Construct, id: string, tables: Tables) {
    super(scope, id)
    this.fn = new NodeFunction(this, 'Authorizer', {
      folder: 'authorizer',
      description: 'Lets in who shows a valid token',
      timeout: Duration.seconds(5),
      memorySize: 512,
      environment: tables.environment('access'),
    })
    allowTokens(this.fn, tables)
    this.authorizer = new HttpLambdaAuthorizer('Tokens', this.fn, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(0),
    })
  }
}
