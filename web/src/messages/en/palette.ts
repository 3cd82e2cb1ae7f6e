/** The command palette and the overview of keys. */
export default {
  title: "Search and commands",
  placeholder: "What do you want to do, or find?",
  hint: "Enter runs it, Escape closes.",
  nothing: "Nothing fits",
  searching: "Searching …",
  found: "Found",
  searchAll: "Search everything for “{words}”",
  shortcuts: {
    title: "Keyboard shortcuts",
    plain: "Shortcuts by single keys",
    plainHint: "Switch them off if you speak to your computer, or if they get in your way. Those with Ctrl or ⌘ stay.",
  },
} as const;
