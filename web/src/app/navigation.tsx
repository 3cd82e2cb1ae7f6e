/** Going from page to page: the router's own words, and a link that knows whether one is there. */
import type { ReactNode } from "react";
import { Link as RouterLink, useLocation, useRoute } from "wouter";

export { Redirect, Route, Switch, useParams, useRoute, useSearchParams } from "wouter";

interface LinkProps extends Omit<React.ComponentProps<"a">, "href" | "className"> {
  readonly to: string;
  readonly className?: string;
  readonly replace?: boolean;
  readonly children?: ReactNode;
}

export function Link({ to, ...rest }: LinkProps) {
  return <RouterLink href={to} {...rest} />;
}

interface NavLinkProps extends Omit<LinkProps, "className"> {
  /** What the page is asked, such as `?range=7d`: it is the same page without. */
  readonly search?: string;
  readonly className: (isActive: boolean) => string;
}

/** A link that is marked while one is on its page, or on one beneath it. */
export function NavLink({ to, search = "", className, ...rest }: NavLinkProps) {
  const [isActive] = useRoute(`${to}/*?`);
  return (
    <Link
      to={`${to}${search}`}
      aria-current={isActive ? "page" : undefined}
      className={className(isActive)}
      {...rest}
    />
  );
}

/** How to go somewhere from code. */
export function useNavigate(): (to: string, options?: { replace?: boolean }) => void {
  return useLocation()[1];
}

/** The path of the page one is on. */
export function usePath(): string {
  return useLocation()[0];
}
