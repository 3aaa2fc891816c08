import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  GetAgreementRequestSchema,
  GetSentBackRequestSchema,
  ListAgreementRequestSchema,
  ListKnownAnswersRequestSchema,
  ListMentionsRequestSchema,
  ListPeopleProgressRequestSchema,
  ListTaskProgressRequestSchema,
  ListWorkItemsRequestSchema,
  ListWorkItemsResponseSchema,
  ListWorkRequestSchema,
  OpenWorkRequestSchema,
  type PersonProgress,
  PreviewTaskRequestSchema,
  PutKnownAnswersRequestSchema,
  RecordTimeRequestSchema,
  RestoreTasksRequestSchema,
  SettleWorkRequestSchema,
  SkipWorkRequestSchema,
  type TaskProgress,
  type Work,
  type WorkItem,
} from '#gen/marquee/v1/team_pb.ts'
import { TaskSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { SentTask } from '#proxy/service/tasks/taskTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { teamMethods } from './team.ts'

const ids = { userId: 'owner', appId: 'demo' }

type Asked<S extends Parameters<typeof create>[0]> = Omit<MessageInitShape<S>, '$typeName' | 'userId' | 'appId'>

/** The RPCs of Team as one person calls them, for the app `demo` of `owner`. */
export const teamBy = (deps: Deps, userId: string) => {
  const call = callBy(userId)
  return {
    work: async (): Promise<{ work: Work[]; approvedThisWeek: number }> =>
      teamMethods.listWork(create(ListWorkRequestSchema, ids), call, deps),
    items: async (asked: Asked<typeof ListWorkItemsRequestSchema> = {}) => {
      const answer = await teamMethods.listWorkItems(
        create(ListWorkItemsRequestSchema, { ...asked, ...ids }),
        call,
        deps,
      )
      // as over the wire
      return fromBinary(ListWorkItemsResponseSchema, toBinary(ListWorkItemsResponseSchema, answer))
    },
    /** Every page after the other. */
    allItems: async (asked: Asked<typeof ListWorkItemsRequestSchema> = {}): Promise<WorkItem[]> => {
      const all: WorkItem[] = []
      for (let after = ''; ; ) {
        const request = create(ListWorkItemsRequestSchema, { ...asked, ...ids, after })
        const { items, nextPage } = await teamMethods.listWorkItems(request, call, deps)
        all.push(...items)
        if (nextPage === '') return all
        after = nextPage
      }
    },
    skip: (asked: Asked<typeof SkipWorkRequestSchema>) =>
      teamMethods.skipWork(create(SkipWorkRequestSchema, { ...asked, ...ids }), call, deps),
    open: async (asked: Asked<typeof OpenWorkRequestSchema>): Promise<WorkItem> =>
      (await teamMethods.openWork(create(OpenWorkRequestSchema, { ...asked, ...ids }), call, deps)).item!,
    settle: (asked: Asked<typeof SettleWorkRequestSchema>) =>
      teamMethods.settleWork(create(SettleWorkRequestSchema, { ...asked, ...ids }), call, deps),
    time: (asked: Asked<typeof RecordTimeRequestSchema>) =>
      teamMethods.recordTime(create(RecordTimeRequestSchema, { ...asked, ...ids }), call, deps),
    tasks: async (...taskIds: string[]): Promise<TaskProgress[]> =>
      (await teamMethods.listTaskProgress(create(ListTaskProgressRequestSchema, { ...ids, taskIds }), call, deps))
        .tasks,
    agreement: (taskId: string, inputId: string) =>
      teamMethods.getAgreement(create(GetAgreementRequestSchema, { ...ids, taskId, inputId }), call, deps),
    agreements: (taskId: string, page: { perPage?: number; after?: string } = {}) =>
      teamMethods.listAgreement(create(ListAgreementRequestSchema, { ...ids, taskId, ...page }), call, deps),
    keep: (taskId: string, inputIds: string[], forget = false) =>
      teamMethods.putKnownAnswers(
        create(PutKnownAnswersRequestSchema, { ...ids, taskId, inputIds, forget }),
        call,
        deps,
      ),
    known: async (taskId: string) =>
      (await teamMethods.listKnownAnswers(create(ListKnownAnswersRequestSchema, { ...ids, taskId }), call, deps))
        .answers,
    sentBack: (asked: Asked<typeof GetSentBackRequestSchema>) =>
      teamMethods.getSentBack(create(GetSentBackRequestSchema, { ...asked, ...ids }), call, deps),
    mentions: async (limit = 0) =>
      (await teamMethods.listMentions(create(ListMentionsRequestSchema, { ...ids, limit }), call, deps)).mentions,
    preview: (task: SentTask) =>
      teamMethods.previewTask(
        create(PreviewTaskRequestSchema, { ...ids, task: toBinary(TaskSchema, create(TaskSchema, task)) }),
        call,
        deps,
      ),
    restore: async (...taskIds: string[]) =>
      (await teamMethods.restoreTasks(create(RestoreTasksRequestSchema, { ...ids, taskIds }), call, deps)).restored,
    people: async (todayMs?: number): Promise<PersonProgress[]> => {
      const today = todayMs === undefined ? {} : { today: timestampFromMs(todayMs) }
      const request = create(ListPeopleProgressRequestSchema, { ...ids, ...today })
      return (await teamMethods.listPeopleProgress(request, call, deps)).people
    },
  }
}
