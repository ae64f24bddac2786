import { ApiError } from '../api-error.ts'
import { child, choice, items, neededText, onlyChildren, readRoot } from '../read-xml.ts'
import { type Element, element } from '../xml.ts'
import { type Context, type Operation, zoneState } from './operation.ts'
import { response } from './shapes.ts'

export const listTagsForResource: Operation = {
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags/{Type}/{Id}',
  run({ parts: [type = '', id = ''] }, context) {
    return { root: response('ListTagsForResource', [tagSet(type, id, context)]) }
  },
}

export const listTagsForResources: Operation = {
  name: 'ListTagsForResources',
  method: 'POST',
  path: '/tags/{Type}',
  run({ parts: [type = ''], body }, context) {
    const root = readRoot(body, 'ListTagsForResourcesRequest')
    const list = child(root, 'ResourceIds')
    const ids = list === undefined ? [] : items(list, 'ResourceId').map((id) => id.text)
    if (ids.length === 0 || ids.length > MAX_ITEMS) throw new ApiError('InvalidInput', 'There must be 1 to 10 ids')
    const sets = ids.map((id) => tagSet(type, id.replace(/^\/?hostedzone\//, ''), context))
    return { root: response('ListTagsForResources', [element('ResourceTagSets', sets)]) }
  },
}

export const changeTagsForResource: Operation = {
  name: 'ChangeTagsForResource',
  method: 'POST',
  path: '/tags/{Type}/{Id}',
  run({ parts: [type = '', id = ''], body }, context) {
    const { zone } = tagged(type, id, context)
    const root = readRoot(body, 'ChangeTagsForResourceRequest')
    onlyChildren(root, ['AddTags', 'RemoveTagKeys'])
    const added = child(root, 'AddTags')
    const removed = child(root, 'RemoveTagKeys')
    const add = (added ? items(added, 'Tag') : []).map((tag) => [
      neededText(tag, 'Key', 'TagKey'),
      child(tag, 'Value') === undefined ? '' : neededText(tag, 'Value', 'TagValue'),
    ])
    const remove = (removed ? items(removed, 'Key') : []).map((key) => key.text)
    if (add.length + remove.length === 0) throw new ApiError('InvalidInput', 'There are no tags to add or to remove')
    if (add.length > MAX_ITEMS || remove.length > MAX_ITEMS) {
      throw new ApiError('InvalidInput', 'At most 10 tags can be added and 10 removed at once')
    }
    context.journal.commit({ kind: 'tag', zone: zone.id, add: Object.fromEntries(add), remove })
    return { root: response('ChangeTagsForResource', []) }
  },
}

// ---------------------------------------------------------------------------

const MAX_ITEMS = 10

function tagSet(type: string, id: string, context: Context): Element {
  const tags = Array.from(tagged(type, id, context).tags, ([key, value]) =>
    element('Tag', [element('Key', key), element('Value', value)]),
  )
  return element('ResourceTagSet', [element('ResourceType', type), element('ResourceId', id), element('Tags', tags)])
}

function tagged(type: string, id: string, context: Context) {
  if (choice(type, ['healthcheck', 'hostedzone']) === 'hostedzone') return zoneState(context, id)
  throw new ApiError('NoSuchHealthCheck', `No health check exists with the specified ID: ${id}`)
}
