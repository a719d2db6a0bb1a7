using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Embedded;

public sealed class EmbeddedMaintenanceTests : MaintenanceKit
{
    [Fact]
    public async Task A_backup_restores_to_the_same_data()
    {
        await FillAsync();
        BackupReport made = await Services.GetRequiredService<DataBackup>().BackUpAsync(Folder.PathOf("backup"), null, None);
        Assert.Equal((2L, 2L), (made.Blobs, made.Copied));

        await DataBackup.RestoreAsync(Folder.PathOf("backup"), Folder.PathOf("restored"), null, None);
        IServiceProvider restored = Open(Options with { DataFolder = Folder.PathOf("restored") });

        Assert.Empty((await restored.GetRequiredService<DataCheck>().RunAsync(readContent: true, None)).Problems);
        Assert.Equal(
            await Registry.GetEventsAsync(null, 0, 100, None), await restored.GetRequiredService<IModelRegistry>().GetEventsAsync(null, 0, 100, None));
    }

    [Fact]
    public async Task A_second_backup_copies_only_what_is_new()
    {
        await FillAsync();
        DataBackup backup = Services.GetRequiredService<DataBackup>();
        await backup.BackUpAsync(Folder.PathOf("backup"), null, None);
        await PublishAsync("fraud", "three");
        BackupReport second = await backup.BackUpAsync(Folder.PathOf("backup"), null, None);
        Assert.Equal((3L, 1L), (second.Blobs, second.Copied));
        Assert.Equal(["backup.json", "slipway.db"], Directory.EnumerateFiles(Folder.PathOf("backup")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_restore_takes_no_store_away_and_nothing_that_is_half()
    {
        await FillAsync();
        await Services.GetRequiredService<DataBackup>().BackUpAsync(Folder.PathOf("backup"), null, None);
        await RefusalAsync(ErrorCode.FailedPrecondition, () => DataBackup.RestoreAsync(Folder.PathOf("backup"), Folder.Root, null, None));

        File.Delete(Folder.PathOf("backup/backup.json"));
        await RefusalAsync(ErrorCode.FailedPrecondition, () => DataBackup.RestoreAsync(Folder.PathOf("backup"), Folder.PathOf("other"), null, None));
        await RefusalAsync(ErrorCode.FailedPrecondition, () => DataBackup.RestoreAsync(Folder.PathOf("nowhere"), Folder.PathOf("other"), null, None));
    }

    [Fact]
    public async Task A_backup_with_a_damaged_blob_is_not_restored()
    {
        ModelVersion version = await FillAsync();
        await Services.GetRequiredService<DataBackup>().BackUpAsync(Folder.PathOf("backup"), null, None);
        string digest = version.Manifest!.Files[0].Digest.ToString();
        await File.WriteAllTextAsync(Folder.PathOf($"backup/blobs/{digest[..2]}/{digest}"), "TWO");

        SlipwayException refusal = await RefusalAsync(
            ErrorCode.Internal, () => DataBackup.RestoreAsync(Folder.PathOf("backup"), Folder.PathOf("restored"), null, None));

        Assert.Contains(digest, refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Folder.PathOf("restored/slipway.db")));
    }

    [Fact]
    public async Task A_backup_that_can_only_be_read_restores()
    {
        await FillAsync();
        await Services.GetRequiredService<DataBackup>().BackUpAsync(Folder.PathOf("backup"), null, None);
        File.SetAttributes(Folder.PathOf("backup/slipway.db"), FileAttributes.ReadOnly);
        await DataBackup.RestoreAsync(Folder.PathOf("backup"), Folder.PathOf("restored"), null, None);
        await Open(Options with { DataFolder = Folder.PathOf("restored") }).GetRequiredService<IModelRegistry>().DeleteModelAsync("fraud", Ana, None);
    }

    [Fact]
    public async Task A_damaged_blob_is_found_when_content_is_read()
    {
        ModelVersion version = await FillAsync();
        string digest = version.Manifest!.Files[0].Digest.ToString();
        await File.WriteAllTextAsync(Path.Combine(Options.BlobFolder, digest[..2], digest), "TWO");
        DataCheck check = Services.GetRequiredService<DataCheck>();

        Assert.Empty((await check.RunAsync(readContent: false, None)).Problems);
        Assert.Equal(("blob-damaged", digest), Assert.Single((await check.RunAsync(readContent: true, None)).Problems.Select(static problem => (problem.Kind, problem.Subject))));
    }
}
