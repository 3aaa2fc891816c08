import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Model, WorkflowVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { thingWriter } from '#proxy/service/models/modelWrites.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { versionsOfApp } from '#proxy/store/models.ts'
import type { Db } from '#proxy/store/open.ts'

/**
 * Marks the versions of the app's workflows that use a model of the app that is no more (RP:WorkflowVersion,
 * is_deprecated). Workflows of other apps that use it are not marked; they fail when they run.
 */
export const deprecateWorkflows = async (
  tx: Db,
  app: AppInUse,
  isGone: (model: Model) => boolean,
  deps: Deps,
): Promise<void> => {
  for (const row of await versionsOfApp(tx, 'workflow', app.no)) {
    const version = fromBinary(WorkflowVersionSchema, row.message)
    const uses = version.nodes.some(
      ({ model }) => model?.appId === app.id && model.userId === app.user_id && isGone(model),
    )
    if (!uses || version.isDeprecated) continue
    version.isDeprecated = true
    await thingWriter(tx, 'workflow', app, deps).changeVersion(row, toBinary(WorkflowVersionSchema, version))
  }
}
