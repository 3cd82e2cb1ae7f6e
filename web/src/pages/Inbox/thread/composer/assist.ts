/** Words that the assistant writes for whoever answers: into the composer, as they come, and taken back by one press. */
import { useEffect, useRef, useState } from "react";
import { graphql, requestSubscription, useRelayEnvironment } from "react-relay";
import type { assistRewriteSubscription } from "~/__generated__/assistRewriteSubscription.graphql";
import type { assistSuggestSubscription } from "~/__generated__/assistSuggestSubscription.graphql";
import type { Source } from "../sheets/sheets";

/** How a text is to become another. */
export type Wish = Omit<assistRewriteSubscription["variables"], "text">;

export interface Assisted {
  readonly kind: "suggest" | "rewrite";
  readonly isWriting: boolean;
  /** What stood there before. */
  readonly before: string;
  readonly citations: readonly Source[];
  /** Who made it, once it is whole. */
  readonly madeBy?: string;
  /** Why there is none. */
  readonly problem?: string;
}

const SUGGEST = graphql`
  subscription assistSuggestSubscription($id: ID!) {
    suggestReply(conversationId: $id) {
      __typename
      ... on WrittenText {
        text
      }
      ... on TextRestarted {
        attempt
      }
      ... on Suggestion {
        text
        madeBy
        citations {
          articleId
          passageId
          title
        }
      }
      ... on NoSuggestion {
        explanation
      }
    }
  }
`;

const REWRITE = graphql`
  subscription assistRewriteSubscription($text: String!, $tone: TextTone, $length: TextLength, $translateTo: String) {
    rewriteText(text: $text, tone: $tone, length: $length, translateTo: $translateTo) {
      __typename
      ... on WrittenText {
        text
      }
      ... on RewrittenText {
        text
      }
      ... on NeedsLanguageModelError {
        message
      }
    }
  }
`;

export interface Assist {
  readonly assisted: Assisted | null;
  suggest(): void;
  rewrite(wish: Wish): void;
  /** Stop what is being written; what is there stays. */
  stop(): void;
  /** Put back what stood there before. */
  undo(): void;
  /** It is one's own now. */
  accept(): void;
}

export function useAssist(id: string, text: string, setText: (text: string) => void): Assist {
  const environment = useRelayEnvironment();
  const [assisted, setAssisted] = useState<Assisted | null>(null);
  const running = useRef<{ dispose(): void } | null>(null);
  useEffect(() => () => running.current?.dispose(), []);
  const begin = (
    kind: Assisted["kind"],
  ): { write(piece: string): void; again(): void; end(part: Partial<Assisted>, whole?: string): void } => {
    running.current?.dispose();
    const before = text;
    let written = "";
    setAssisted({ kind, isWriting: true, before, citations: [] });
    return {
      write: (piece) => {
        written += piece;
        setText(written);
      },
      again: () => {
        written = "";
      },
      end: (part, whole) => {
        setText(whole ?? before);
        setAssisted({ kind, isWriting: false, before, citations: [], ...part });
      },
    };
  };
  const suggest = (): void => {
    const { write, again, end } = begin("suggest");
    running.current = requestSubscription<assistSuggestSubscription>(environment, {
      subscription: SUGGEST,
      variables: { id },
      onNext: (data) => {
        const change = data?.suggestReply;
        if (change?.__typename === "WrittenText") write(change.text);
        else if (change?.__typename === "TextRestarted") again();
        else if (change?.__typename === "Suggestion")
          end({ citations: change.citations, madeBy: change.madeBy }, change.text);
        else if (change?.__typename === "NoSuggestion") end({ problem: change.explanation });
      },
      onError: (error) => end({ problem: error.message }),
    });
  };
  const rewrite = (wish: Wish): void => {
    const { write, end } = begin("rewrite");
    running.current = requestSubscription<assistRewriteSubscription>(environment, {
      subscription: REWRITE,
      variables: { text, ...wish },
      onNext: (data) => {
        const change = data?.rewriteText;
        if (change?.__typename === "WrittenText") write(change.text);
        else if (change?.__typename === "RewrittenText") end({}, change.text);
        else if (change?.__typename === "NeedsLanguageModelError") end({ problem: change.message });
      },
      onError: (error) => end({ problem: error.message }),
    });
  };
  const stop = (): void => {
    running.current?.dispose();
    setAssisted((now) => now && { ...now, isWriting: false });
  };
  const undo = (): void => {
    running.current?.dispose();
    if (assisted) setText(assisted.before);
    setAssisted(null);
  };
  return { assisted, suggest, rewrite, stop, undo, accept: () => setAssisted(null) };
}
