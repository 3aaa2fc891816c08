import type { TeamMethods } from '#proxy/service/method.ts'
import { previewTask } from '#proxy/service/tasks/taskPreview.ts'
import { listLabelSources } from './labelSources.ts'
import { openWork, recordTime, skipWork } from './teamActs.ts'
import { getAgreement, listAgreement, listKnownAnswers, putKnownAnswers } from './teamAgreement.ts'
import { listMyWork, listWorkItems } from './teamLists.ts'
import { listMentions } from './teamMentions.ts'
import { listPeopleProgress, listTaskProgress } from './teamProgress.ts'
import { restoreTasks } from './teamRestore.ts'
import { getSentBack } from './teamSentBack.ts'
import { settleWork } from './teamSettle.ts'

/** Our own service for what people have to do and how far it is (proto/marquee/v1/team.proto). */
export const teamMethods = {
  listWork: listMyWork,
  listWorkItems,
  skipWork,
  openWork,
  settleWork,
  recordTime,
  listTaskProgress,
  listPeopleProgress,
  getAgreement,
  listAgreement,
  putKnownAnswers,
  listKnownAnswers,
  getSentBack,
  listMentions,
  previewTask,
  listLabelSources,
  restoreTasks,
} satisfies TeamMethods
