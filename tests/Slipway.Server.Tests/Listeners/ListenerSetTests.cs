using Slipway.Core;
using Slipway.Server.Listeners;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Listeners;

public sealed class ListenerSetTests
{
    [Fact]
    public void Every_listener_is_on_loopback_unless_told_otherwise() =>
        Assert.All(ListenerSet.Create(new ServerOptions()).All, listener => Assert.True(listener.Address.IsLoopback));

    [Fact]
    public void A_listener_that_other_machines_reach_needs_insecure()
    {
        ServerOptions options = new();
        options.Listeners.Grpc.Address = "0.0.0.0:0";

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => ListenerSet.Create(options));

        Assert.Equal(ErrorCode.InvalidConfiguration, refusal.Code);
        Assert.Contains("listeners.grpc", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--insecure", refusal.Message, StringComparison.Ordinal);
        options.Insecure = true;
        Assert.Equal(3, ListenerSet.Create(options).All.Count);
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = "nowhere";
        options.Listeners.Grpc.Address = "10.0.0.1:1";
        options.Listeners.Admin.Tls = new TlsOptions { Certificate = "only.pem" };

        string message = Assert.Throws<SlipwayException>(() => ListenerSet.Create(options)).Message;

        Assert.Contains("listeners.http", message, StringComparison.Ordinal);
        Assert.Contains("listeners.grpc", message, StringComparison.Ordinal);
        Assert.Contains("listeners.admin.tls", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_listeners_on_one_port_are_refused_but_not_two_that_let_the_system_choose()
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = "127.0.0.1:0";
        options.Listeners.Grpc.Address = "127.0.0.1:0";
        Assert.Equal(3, ListenerSet.Create(options).All.Count);

        options.Listeners.Http.Address = options.Listeners.Grpc.Address = "127.0.0.1:7";
        Assert.Contains("http and grpc", Assert.Throws<SlipwayException>(() => ListenerSet.Create(options)).Message, StringComparison.Ordinal);
    }
}
