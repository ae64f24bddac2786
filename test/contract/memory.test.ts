import { memoryAccessStore } from '../../shared/access/memory.ts'
import { memoryMirrorStore, memoryPaceStore } from '../../shared/mirror/memory.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { memoryRegistrations } from '../../shared/registrations/memory.ts'
import { accessStoreContract } from './access-store.ts'
import { changeLogContract } from './change-log.ts'
import { mirrorStoreContract } from './mirror-store.ts'
import { nameStoreContract } from './name-store.ts'
import { registrationStoreContract } from './registration-store.ts'
import { writableContract } from './writable.ts'
import { zoneStoreContract } from './zone-store.ts'

const fresh = async () => memoryStore()

nameStoreContract('memory', fresh)
zoneStoreContract('memory', fresh)
changeLogContract('memory', fresh)
writableContract('memory', fresh)
mirrorStoreContract('memory', async () => ({ mirror: memoryMirrorStore(), pace: memoryPaceStore() }))
accessStoreContract('memory', async () => memoryAccessStore())
registrationStoreContract('memory', async () => memoryRegistrations())
