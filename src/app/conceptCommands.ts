import { drawnRegions } from '#model/suggestions.ts'
import type { Command } from './command.ts'
import { ofStudio } from './studioCommand.ts'

export const conceptCommands: readonly Command[] = [
  ofStudio({
    id: 'concept.search',
    title: 'Search concepts',
    group: 'Concepts',
    keys: ['/'],
    run: (s) => s.searchConcepts(),
  }),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((slot) =>
    ofStudio({
      id: `concept.slot.${slot}`,
      title: `Use concept ${slot}`,
      group: 'Concepts',
      keys: [String(slot % 10)],
      run: (s) => s.useSlot(slot),
    }),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((slot) =>
    ofStudio({
      id: `concept.not.${slot}`,
      title: `Classify: the image does not show concept ${slot}`,
      group: 'Concepts',
      keys: [`Shift+${slot % 10}`],
      scope: 'classify',
      run: (s) => s.useSlot(slot, true),
    }),
  ),
  ofStudio({
    id: 'concept.none',
    title: 'No active concept: ask after each region',
    group: 'Concepts',
    keys: [],
    run: (s) => s.clearConcept(),
  }),
]

/** What models suggest (workspace/SuggestionPanel.tsx); one by one they are the editor's commands. */
export const suggestionCommands: readonly Command[] = [
  ofStudio({
    id: 'suggestion.review',
    title: 'Go through what models suggest',
    group: 'Suggestions',
    keys: ['W'],
    when: ({ editor }) => editor !== undefined,
    run: (s) => s.reviewSuggestions(),
  }),
  ofStudio({
    id: 'suggestion.acceptSure',
    title: 'Accept all suggestions from the set score on',
    group: 'Suggestions',
    keys: [],
    when: ({ editor }) => editor !== undefined && drawnRegions(editor.state.regions) !== editor.state.regions,
    run: (s) => s.acceptSure(),
  }),
]
