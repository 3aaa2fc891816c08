import { Notifications } from '@mantine/notifications'

/** Where messages appear. A file of its own, so that it can be loaded with the first message. */
export const Toasts = () => <Notifications position="bottom-center" limit={4} />
