import { dynamoDbClient } from '../../shared/aws/client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createCustomResource } from './custom-resource.ts'
import { seedZones } from './seed-zones.ts'

const store = dynamoDbZoneStore(dynamoDbClient(), tableName('zones'))
const { measure, publishing } = functionMetrics('zones')

/** Adds the zones of the settings, and says what mirrors them, when a deployment changes them. */
export const handler = publishing(createCustomResource('served-zones', ({ zones }) => seedZones(store, zones, measure)))
