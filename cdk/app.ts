/** What `cdk.json` names: the CDK command line runs it and says by environment variables where to write. */
import { synthesise } from './naming-app.ts'

synthesise()
