using System.Globalization;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Options;

namespace Slipway.Registry.Models;

/// <summary>Holds changes against the approval policies.</summary>
internal sealed class ApprovalRules(RegistryOptions options)
{
    private const string Nobody = "anonymous";

    /// <summary>Refuses an alias whose approvals are missing.</summary>
    public Task CheckAliasAsync(RegistrySession session, string model, string alias, long number) => CheckAsync(
        session, model, number, $"alias '{alias}'", policy => policy.Aliases.Any(pattern => NamePattern.Matches(pattern, alias, ignoreCase: false)));

    /// <summary>Refuses a stage whose approvals are missing.</summary>
    public Task CheckStageAsync(RegistrySession session, string model, string stage, long number) => CheckAsync(
        session, model, number, $"stage '{stage}'", policy => policy.Stages.Any(pattern => NamePattern.Matches(pattern, stage, ignoreCase: true)));

    /// <summary>Holds every alias and stage of a model against the policies of its name.</summary>
    public async Task CheckModelAsync(RegistrySession session, ModelRow model)
    {
        if (!options.Approvals.Any(policy => NamePattern.Matches(policy.Models, model.Name, ignoreCase: false)))
        {
            return;
        }

        foreach (AliasRow alias in await session.QueryAsync<AliasRow>("select model_id as ModelId, alias, number from aliases where model_id = @Id", new { model.Id }))
        {
            await CheckAliasAsync(session, model.Name, alias.Alias, alias.Number);
        }

        foreach (StagedRow version in await session.QueryAsync<StagedRow>("select number, stage from versions where model_id = @Id", new { model.Id }))
        {
            await CheckStageAsync(session, model.Name, version.Stage, version.Number);
        }
    }

    private async Task CheckAsync(RegistrySession session, string model, long number, string place, Func<ApprovalPolicy, bool> concerns)
    {
        ApprovalPolicy[] policies = [.. options.Approvals.Where(policy => NamePattern.Matches(policy.Models, model, ignoreCase: false) && concerns(policy))];
        if (policies.Length == 0)
        {
            return;
        }

        List<ApproverRow> approvers = await session.QueryAsync<ApproverRow>(
            """
            select a.actor as Actor, v.created_by as Author from approvals a join versions v on v.id = a.version_id
            where v.model = @model and v.number = @number
            """,
            new { model, number });
        foreach (ApprovalPolicy policy in policies)
        {
            int given = approvers.Count(approver => Counts(policy, approver));
            if (given < policy.Required)
            {
                throw new SlipwayException(ErrorCode.FailedPrecondition, string.Create(
                    CultureInfo.InvariantCulture,
                    $"version {number} of model '{model}' has {given} of {policy.Required} approvals that {place} needs{Whose(policy)}"));
            }
        }
    }

    private static bool Counts(ApprovalPolicy policy, ApproverRow approver) =>
        approver.Actor != Nobody
        && (policy.AllowAuthor || approver.Actor != approver.Author)
        && (policy.Approvers.Count == 0 || policy.Approvers.Any(pattern => NamePattern.Matches(pattern, approver.Actor, ignoreCase: false)));

    private static string Whose(ApprovalPolicy policy)
    {
        string from = policy.Approvers.Count == 0 ? "" : $" from {string.Join(", ", policy.Approvers)}";
        return policy.AllowAuthor ? from : from + ", its author's not counted";
    }

    private sealed class StagedRow
    {
        public long Number { get; set; }

        public string Stage { get; set; } = "";
    }

    private sealed class ApproverRow
    {
        public string Actor { get; set; } = "";

        public string Author { get; set; } = "";
    }
}
