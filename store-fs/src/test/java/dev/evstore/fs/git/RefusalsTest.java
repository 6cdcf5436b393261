package dev.evstore.fs.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void T36_aFullDiskIsCalledThat() { // T36
        GitRefusedException full = Refusals.unusable("here", new IOException("No space left on device"));
        assertTrue(full.what().startsWith("There is no room left"), full.what());
        assertEquals("here (No space left on device)", full.where());
        assertEquals("make room there, then repeat", full.remedy());
        assertFalse(
                Refusals.unusable("here", new IOException("bad object")).what().contains("room"));
    }
}
