using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Wire;

/// <summary>One call of the API.</summary>
/// <param name="context">The exchange.</param>
/// <param name="fields">Its fields, from the body or the query.</param>
internal sealed class MlflowCall(HttpContext context, MlflowFields fields)
{
    /// <summary>The actor of callers who did not have to say who they are.</summary>
    private const string Anonymous = "anonymous";

    /// <summary>The exchange.</summary>
    public HttpContext Context => context;

    /// <summary>Fields of the request.</summary>
    public MlflowFields Fields => fields;

    /// <summary>The caller went away.</summary>
    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>Who changes things, as events record it.</summary>
    public ChangeContext Change { get; } = new(CallerNames.Of(context) ?? Anonymous);

    /// <summary>A variable of the path.</summary>
    public string Route(string name) => context.Request.RouteValues[name] as string ?? "";
}
