import { MenuOutlined } from "@ant-design/icons";
import { useLogout } from "@refinedev/core";
import { Button, Drawer, Grid, Layout } from "antd";
import { useEffect, useState } from "react";
import { Link, Navigate, Outlet, useLocation } from "react-router";

import { urlOf } from "@/api/base";
import { useCapabilities } from "@/api/useCapabilities";
import { uiConfig } from "@/api/config";
import { isLoggedIn } from "@/api/credentials";
import { Problem } from "@/api/problem";
import { UserMenu } from "@/auth/UserMenu";

import { JumpTo } from "./JumpTo";
import { Loading } from "./Loading";
import { Navigation } from "./Navigation";
import { paths } from "./paths";
import { ProblemView } from "./ProblemView";
import { SchemeSwitch } from "./SchemeSwitch";

const WIDTH = 232;

/** Menu and header around every page of somebody who is logged in. */
export function Shell() {
  const location = useLocation();
  const login = `${paths.login}?to=${encodeURIComponent(location.pathname + location.search)}`;
  return isLoggedIn() ? <Inside /> : <Navigate to={login} replace />;
}

function Inside() {
  const capabilities = useCapabilities();
  const { mutate: logOut } = useLogout();
  const wide = Grid.useBreakpoint().lg ?? window.innerWidth >= 992;
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  const { error } = capabilities;
  const isRefused = error instanceof Problem && error.status === 401 && uiConfig().auth !== "none";
  useEffect(() => {
    if (isRefused) logOut();
  }, [isRefused, logOut]);

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
    <Layout hasSider style={{ minHeight: "100vh" }}>
      <a className="skip-link" href="#main" onClick={focusMain}>
        Skip to content
      </a>
      {wide && (
        <Layout.Sider width={WIDTH} className="shell-sider" theme="light">
          <Brand />
          {navigation}
        </Layout.Sider>
      )}
      <Drawer
        open={open && !wide}
        onClose={() => setOpen(false)}
        placement="left"
        size={280}
        title={uiConfig().title}
        styles={{ body: { padding: "8px 0" } }}
      >
        {navigation}
      </Drawer>
      <Layout>
        <Layout.Header className="shell-header">
          {!wide && (
            <>
              <Button
                type="text"
                icon={<MenuOutlined />}
                aria-label="Menu"
                onClick={() => setOpen(true)}
              />
              <Link to={paths.home} style={{ color: "inherit", fontWeight: 600 }}>
                {uiConfig().title}
              </Link>
            </>
          )}
          <span className="spacer" />
          <JumpTo capabilities={capabilities.data} />
          <SchemeSwitch />
          <UserMenu user={capabilities.data.user} />
        </Layout.Header>
        <main id="main" tabIndex={-1} style={{ outline: "none", minWidth: 0 }}>
          <Outlet />
        </main>
      </Layout>
    </Layout>
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
