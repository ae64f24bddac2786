import { Aws, Duration, Stack } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct, type IDependable } from 'constructs'
import { GRANTS } from '../shared/access/configured-grants.ts'
import { PROBE_LABEL } from '../shared/probe/name.ts'
import { probeVariables } from '../shared/probe/variables.ts'
import type { ServedZone } from './hosted-zones.ts'
import { NodeFunction } from './node-function.ts'
import { ProbeLookup } from './probe-lookup.ts'
import type { RegistrationApi } from './registration-api.ts'
import type { ResponderService } from './responder-service.ts'

export interface ProbeProps {
  readonly probed: ServedZone
  /** Where it registers, and the function behind that. */
  readonly api: RegistrationApi
  readonly dynapi: NodeFunction
  readonly responder?: ResponderService | undefined
}

/**
 * The probe: every five minutes it registers a name in one zone, as a client would, and measures when the responder and
 * Route 53 have it. It is in no VPC, for it needs the API and Route 53; what asks the responder is a function of its own.
 */
export class Probe extends Construct {
  readonly fn: NodeFunction
  readonly lookup: NodeFunction | undefined
  private readonly schedule: Rule

  constructor(scope: Construct, id: string, { probed, api, dynapi, responder }: ProbeProps) {
    super(scope, id)
    const lookup = responder && new ProbeLookup(this, 'Lookup', responder)
    this.lookup = lookup?.fn
    this.fn = new NodeFunction(this, 'Function', {
      folder: 'probe',
      description: 'Registers a name and measures when it is answered',
      timeout: Duration.minutes(3),
      memorySize: 256,
      environment: {
        [probeVariables.api]: api.url,
        [probeVariables.zone]: probed.zone,
        ...(probed.hostedZone !== undefined && { [probeVariables.hostedZone]: probed.hostedZone }),
        ...(lookup && {
          [probeVariables.lookup]: lookup.fn.functionName,
          [probeVariables.servers]: Stack.of(this).toJsonString(lookup.servers),
        }),
      },
    })
    this.fn.allow(['execute-api:Invoke'], api.putArn)
    if (lookup) this.fn.allow(['lambda:InvokeFunction'], lookup.fn.functionArn)
    if (probed.hostedZone !== undefined) {
      const hostedZone = `arn:${Aws.PARTITION}:route53:::hostedzone/${probed.hostedZone}`
      this.fn.allow(['route53:GetHostedZone', 'route53:ListResourceRecordSets'], hostedZone)
    }
    dynapi.addEnvironment(GRANTS, this.grantFor(probed))
    this.schedule = this.addSchedule()
  }

  /** Has the first run come once these are there. */
  startAfter(...others: readonly IDependable[]): void {
    this.schedule.node.addDependency(...others)
  }

  /** What lets it write its one name and nothing else, whatever grants there are. */
  private grantFor({ zone }: ServedZone): string {
    const principal = `iam:${this.fn.role?.roleArn}`
    const grant = { principal, zones: [zone], names: [PROBE_LABEL], types: ['A'], actions: ['write'] }
    return Stack.of(this).toJsonString([grant])
  }

  /** A run that failed to begin is not made up for: the next one comes soon. */
  private addSchedule(): Rule {
    this.fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    return new Rule(this, 'EveryFiveMinutes', {
      description: 'Namestream: probe',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.fn, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    })
  }
}
