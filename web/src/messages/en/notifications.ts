/** What people are told: beneath the bell. */
export default {
  bell: {
    title: "Notifications",
    readAll: "Mark all as read",
    all: "All notifications",
    empty: "Nothing new",
    emptyHint: "Mentions, assignments and replies of your customers appear here.",
    unread: "Unread:",
    somebody: "Somebody",
    kind: {
      MENTIONED: "{name} mentioned you in a note",
      OFFERED: "You are asked to take a conversation",
      ASSIGNED: "{name} gave you a conversation",
      REPLIED: "Your customer wrote",
      SERVICE_LEVEL_WARNED: "A target will be missed soon",
      SERVICE_LEVEL_BREACHED: "A target was missed",
      RETURNED: "Your conversation went back to the queue",
      SURVEY_ANSWERED: "A customer rated your conversation",
      DELIVERY_FAILED: "Something could not be delivered",
      JOB_FAILED: "A job failed for good",
      WEBHOOK_DISABLED: "A webhook was switched off",
    },
  },
} as const;
