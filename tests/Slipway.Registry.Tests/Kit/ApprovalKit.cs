using Slipway.Core;
using Slipway.Registry.Options;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store asks for before it moves an alias or stage.</summary>
public abstract class ApprovalKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    protected override RegistryOptions Options => base.Options with
    {
        Approvals =
        [
            new ApprovalPolicy { Models = "prod-*", Aliases = ["champion"], Stages = ["Production"], Required = 2 },
            new ApprovalPolicy { Models = "prod-*", Aliases = ["regulated"], Approvers = ["risk-*"] },
        ],
    };

    [Fact]
    public async Task An_alias_waits_for_its_approvals_and_not_the_authors()
    {
        await PublishAsync("prod-fraud");
        await ApproveAsync("ana");
        await ApproveAsync("anonymous");
        await ApproveAsync("ben");
        SlipwayException refusal = await RefusalAsync(ErrorCode.FailedPrecondition, MoveAsync);
        Assert.Contains("1 of 2", refusal.Message, StringComparison.Ordinal);

        await ApproveAsync("cleo");
        await MoveAsync();
        Assert.Equal("Production", (await Registry.SetStageAsync("prod-fraud", 1, "Production", false, Ana, None)).Stage);
    }

    [Fact]
    public async Task A_stage_waits_for_its_approvals()
    {
        await PublishAsync("prod-fraud");
        await RefusalAsync(ErrorCode.FailedPrecondition, () => Registry.SetStageAsync("prod-fraud", 1, "production", false, Ana, None));
        await Registry.SetStageAsync("prod-fraud", 1, "Staging", false, Ana, None);
    }

    [Fact]
    public async Task Only_approvers_that_the_policy_names_count()
    {
        await PublishAsync("prod-fraud");
        await ApproveAsync("ben");
        await RefusalAsync(ErrorCode.FailedPrecondition, () => Registry.SetAliasAsync("prod-fraud", "regulated", 1, AliasExpectation.Any, Ana, None));
        await ApproveAsync("risk-eva");
        await Registry.SetAliasAsync("prod-fraud", "regulated", 1, AliasExpectation.Any, Ana, None);
    }

    [Fact]
    public async Task Other_models_and_aliases_are_free_but_a_rename_is_no_way_around()
    {
        await PublishAsync("fraud");
        await Registry.SetAliasAsync("fraud", "champion", 1, AliasExpectation.Any, Ana, None);
        await RefusalAsync(ErrorCode.FailedPrecondition, () => Registry.RenameModelAsync("fraud", "prod-fraud", Ana, None));
        Assert.NotNull(await Registry.FindModelAsync("fraud", None));
    }

    private Task<ModelVersion> ApproveAsync(string actor) => Registry.ApproveAsync("prod-fraud", 1, null, new ChangeContext(actor), None);

    private Task<long?> MoveAsync() => Registry.SetAliasAsync("prod-fraud", "champion", 1, AliasExpectation.Any, Ana, None);
}
