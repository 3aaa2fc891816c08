import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import { ListDeletedAppsRequestSchema, RestoreAppRequestSchema } from '#gen/marquee/v1/office_pb.ts'
import { DeleteAppRequestSchema, PostAppsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { aBox, failure } from './annotations/annotationTesting.ts'
import { appMethods } from './apps.ts'
import { deletedAppMethods } from './deletedApps.ts'
import { aTaskWorld, type TaskWorld, userAppId } from './tasks/taskTesting.ts'
import { callBy } from './testing.ts'

eachDialect('an app that was deleted', (store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 2)
  })
  const remove = () => appMethods.deleteApp(create(DeleteAppRequestSchema, { userAppId }), callBy('owner'), world.deps)
  const list = async (who = 'owner') =>
    (await deletedAppMethods.listDeletedApps(create(ListDeletedAppsRequestSchema), callBy(who), world.deps)).apps
  const restore = (key: string, who = 'owner') =>
    deletedAppMethods.restoreApp(create(RestoreAppRequestSchema, { key }), callBy(who), world.deps)

  it('comes back with all that was in it, to its owner alone', async () => {
    await world.who('w0').posted(aBox('i0', 'a'))
    await remove()
    expect((await failure(world.who('owner').get('i0', 'a'))).details).toContain('no app')
    const [gone] = await list()
    expect(gone).toMatchObject({ appId: 'demo', inputs: 2 })
    expect(await list('w0')).toEqual([])
    expect((await failure(restore(gone!.key, 'w0'))).details).toContain('no app of yours')
    expect(await restore(gone!.key)).toMatchObject({ appId: 'demo' })
    expect((await world.who('w0').get('i0', 'a')).id).toBe('a')
    expect(await list()).toEqual([])
  })

  it('waits while another has its id, and is gone after 30 days', async () => {
    await remove()
    const again = create(PostAppsRequestSchema, { userAppId: { userId: 'owner' }, apps: [{ id: 'demo' }] })
    await appMethods.postApps(again, callBy('owner'), world.deps)
    const [gone] = await list()
    expect((await failure(restore(gone!.key))).details).toContain('another app "demo"')
    await remove()
    expect(await list()).toHaveLength(2)
    world.clock.wait(31 * 24 * 3600)
    expect(await list()).toEqual([])
    expect((await failure(restore(gone!.key))).details).toContain('last 30 days')
  })
})
