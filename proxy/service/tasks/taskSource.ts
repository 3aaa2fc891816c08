import {
  TaskInputSource_TaskInputSourceType as Source,
  type TaskInputSource,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { findSavedSearch, inputsOfSavedSearch } from '#proxy/service/searches/searchRun.ts'
import { datasetById, inputsOfDataset } from '#proxy/store/datasets.ts'
import { inputById } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { allInputIds } from '#proxy/store/taskInputs.ts'
import { oneInput } from './taskDraft.ts'

/** The inputs a task is about, oldest first, as they are now. `path` leads to the source. @throws ApiError naming its id */
export const inputsOf = async (db: Db, app: number, { type, id }: TaskInputSource, path: string): Promise<string[]> => {
  switch (type) {
    case Source.ALL_INPUTS:
      return allInputIds(db, app)
    case oneInput: {
      if (await inputById(db, app, id)) return [id]
      throw missing(path, `input "${id}"`)
    }
    case Source.SAVED_SEARCH:
      return savedSearchInputs(db, app, id, path)
    case Source.DATASET: {
      if (await datasetById(db, app, id)) return (await Array.fromAsync(inputsOfDataset(db, app, id))).flat()
      throw missing(path, `dataset "${id}"`)
    }
    default:
      throw new ApiError(StatusCode.TASK_NOT_IMPLEMENTED, `${path}.type: ${type}`)
  }
}

const savedSearchInputs = async (db: Db, app: number, id: string, path: string): Promise<string[]> => {
  await findSavedSearch(db, app, id, `${path}.id`)
  return (await Array.fromAsync(inputsOfSavedSearch(db, app, id))).flat()
}

const missing = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.CONN_DOES_NOT_EXIST, `${path}.id: the app has no ${what}`)
