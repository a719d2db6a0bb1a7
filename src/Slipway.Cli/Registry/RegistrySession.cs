using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Registry;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Cli.Registry;

/// <summary>A command that works on a registry: a running server's, or the store itself.</summary>
internal sealed class RegistrySession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IAsyncDisposable? _store;
    private readonly bool _isJson;

    private RegistrySession(IRegistryApi api, IAsyncDisposable? store, ParseResult parsed, bool isJson, CliTerminal terminal, CancellationToken cancellation)
    {
        (Api, _store, Parsed, _isJson, Terminal, Cancellation) = (api, store, parsed, isJson, terminal, cancellation);
    }

    /// <summary>The registry.</summary>
    public IRegistryApi Api { get; }

    /// <summary>Whether results are wanted as JSON.</summary>
    public bool IsJson => _isJson;

    /// <summary>The command line.</summary>
    public ParseResult Parsed { get; }

    /// <summary>Where the command writes.</summary>
    public CliTerminal Terminal { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Finds the registry: the one that is named, else that of a server at the usual address, else the store in the usual folder, which is said.</summary>
    public static async Task<RegistrySession> OpenAsync(RegistryChoice choice, ParseResult parsed, bool isJson, CliTerminal terminal, CancellationToken cancellationToken)
    {
        bool isStoreNamed = choice.Data is not null || choice.Config is not null;
        if (choice.Url is not null && isStoreNamed)
        {
            throw new CliException(ExitCode.Usage, "--url works on a server and --data and --config on a store: give one of them");
        }

        Uri? url = choice.Url ?? (isStoreNamed ? null : ServerAddress.FromEnvironment());
        if (url is null && !isStoreNamed && await AnswersAsync(ServerAddress.DefaultAdmin, terminal.Time, cancellationToken))
        {
            url = ServerAddress.DefaultAdmin;
        }

        if (url is not null)
        {
            return new RegistrySession(new RegistryClient(url), null, parsed, isJson, terminal, cancellationToken);
        }

        ServerOptions options = ServerConfiguration.Read(choice.Config, ServerConfiguration.ProcessVariables());
        options.Data = choice.Data ?? options.Data;
        if (!isStoreNamed && options.Data is null)
        {
            await terminal.Error.WriteLineAsync($"slipway: no server answers at {ServerAddress.DefaultAdmin.ToString().TrimEnd('/')}: working on the store in ./{DataFolder.Default}");
        }

        EmbeddedRegistry store = EmbeddedRegistry.Open(options, Environment.UserName);
        return new RegistrySession(store.Api, store, parsed, isJson, terminal, cancellationToken);
    }

    /// <summary>Writes a result: as JSON where that is wanted, else by <paramref name="text"/>.</summary>
    public async Task WriteAsync<T>(T value, JsonTypeInfo<T> type, Action<CliTerminal> text)
    {
        if (_isJson)
        {
            await Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(value, type));
        }
        else
        {
            text(Terminal);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        (Api as IDisposable)?.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    // Whatever answers as a server does, even by refusing, is one; anything else that listens there is not.
    private static async Task<bool> AnswersAsync(Uri url, TimeProvider time, CancellationToken cancellationToken)
    {
        using ManagementClient client = new(url);
        try
        {
            return (await client.GetServerAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken)).Name == "slipway";
        }
        catch (SlipwayClientException refusal)
        {
            return refusal.Status is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden;
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutException)
        {
            return false;
        }
    }
}
