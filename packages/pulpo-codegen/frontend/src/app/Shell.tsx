import MenuOutlined from "@ant-design/icons-svg/es/asn/MenuOutlined";
import { useCallback, useEffect, useState } from "react";
import { Link, Navigate, Outlet, useLocation, useNavigate } from "react-router";

import { urlOf } from "@/api/base";
import { uiConfig } from "@/api/config";
import { isLoggedIn } from "@/api/credentials";
import { Problem } from "@/api/problem";
import { useCapabilities } from "@/api/useCapabilities";
import { logOut } from "@/auth/logOut";
import { UserMenu } from "@/auth/UserMenu";

import { Button } from "@/controls/Button";
import { Dialog } from "@/controls/Dialog";

import { JumpTo } from "./JumpTo";
import { Loading } from "./Loading";
import { Navigation } from "./Navigation";
import { paths } from "./paths";
import { ProblemView } from "./ProblemView";
import { SchemeSwitch } from "./SchemeSwitch";

/** Menu and header around every page of somebody who is logged in. */
export function Shell() {
  const location = useLocation();
  const login = `${paths.login}?to=${encodeURIComponent(location.pathname + location.search)}`;
  return isLoggedIn() ? <Inside /> : <Navigate to={login} replace />;
}

function Inside() {
  const capabilities = useCapabilities();
  const navigate = useNavigate();
  const leave = useCallback(() => {
    logOut();
    void navigate(paths.login);
  }, [navigate]);
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  const { error } = capabilities;
  const isRefused = error instanceof Problem && error.status === 401 && uiConfig().auth !== "none";
  useEffect(() => {
    if (isRefused) leave();
  }, [isRefused, leave]);

  if (capabilities.isPending) return <Loading />;
  if (capabilities.isError) {
    return (
      <div className="page page-narrow">
        <ProblemView error={capabilities.error} retry={() => void capabilities.refetch()} />
      </div>
    );
  }
  const navigation = <Navigation capabilities={capabilities.data} />;
  return (
    <div className="shell">
      <a className="skip-link" href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <div className="shell-sider">
        <div className="shell-menu">
          <Brand />
          {navigation}
        </div>
      </div>
      <Dialog className="drawer" label="Menu" isOpen={isOpen} onClose={() => setOpen(false)}>
        <Brand />
        {navigation}
      </Dialog>
      <div className="shell-body">
        <header className="shell-header">
          <span className="shell-narrow">
            <Button kind="text" icon={MenuOutlined} aria-label="Menu" onClick={() => setOpen(true)} />
            <Link to={paths.home} className="shell-title">{uiConfig().title}</Link>
          </span>
          <span className="spacer" />
          <JumpTo capabilities={capabilities.data} />
          <SchemeSwitch />
          <UserMenu user={capabilities.data.user} onLogOut={leave} />
        </header>
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Brand() {
  return (
    <Link to={paths.home} className="brand">
      <img src={urlOf("/favicon.svg").toString()} alt="" />
      {uiConfig().title}
    </Link>
  );
}

/** With a <base> in the page, a bare fragment would lead to the start page. */
function focusMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
